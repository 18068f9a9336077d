import { checkName } from "../errors/argument-checks.js";
import {
  checkRender,
  type ExpositionFormat,
  type RenderOptions,
  type WantedRender,
} from "../exposition/exposition-format.js";
import { type RenderCall, rendered, renderedSync } from "../exposition/rendered.js";
import type { LogContext } from "../logging/log-context.js";
import type { NativeFailure, NativeRuntime } from "../native/boundary.js";
import { runtimeError, runtimeStateAt, shutdownError, wrapForeign } from "../native/failures.js";
import { deliverBeforeBlocking } from "../recorder/deliveries.js";
import type { MetricsRecorder } from "../recorder/metrics-recorder.js";
import { Observations } from "../recorder/observations.js";
import { CALLED_FROM_INSIDE, insideUserCode } from "../recorder/user-code.js";
import {
  MetricsRuntimeInvalidStateError,
  MetricsRuntimeRecorderNotFoundError,
  MetricsRuntimeUnexpectedError,
} from "./errors.js";
import { flushAtExit, forgetAtExit } from "./exit-flush.js";
import { NativeHandle } from "./native-handle.js";
import { logRuntimeCalls } from "./runtime-log.js";
import {
  type AttachOptions,
  type CreateRecorderOptions,
  checkRecorderOptionKeys,
  checkRecorderOptions,
  type MetricsRuntimeOptions,
  type RuntimeSettings,
} from "./runtime-options.js";
import { MetricsRuntimeState } from "./runtime-state.js";
import type { MetricsRuntimeToken } from "./runtime-token.js";
import { ThreadRecorders } from "./thread-recorders.js";

/** What the runtime thread has done so far. */
export interface MetricsRuntimeStats {
  /** The operating system's id of the runtime thread; `undefined` when no thread runs. */
  readonly threadId: number | undefined;
  /** How often the thread's loop turned, for whatever reason. */
  readonly loopTurns: number;
  /** How often it was woken by another thread rather than by its own timer. */
  readonly wakeUps: number;
  /** How many events it has dispatched, of all recorders. */
  readonly eventsDrained: number;
  /** The most pending events that a drain found in one queue. */
  readonly deepestQueue: number;
  /** Time spent in drains that found events, in milliseconds. */
  readonly drainTimeMs: number;
}

/**
 * Owns one operating-system thread, the event loop inside it and a registry of recorders. Its
 * methods are synchronous: those that need the thread block this one until it has answered, for at
 * most 5 s. A runtime at rest does not keep the process alive.
 *
 * @example
 * ```ts
 * const runtime = new MetricsRuntime({ namespace: "document-storage" });
 * runtime.start();
 * const recorder = runtime.createRecorder("main");
 * // hand `recorder` to production code
 * runtime.shutdown();
 * ```
 */
export class MetricsRuntime {
  readonly #settings: RuntimeSettings;
  readonly #native: NativeRuntime;
  readonly #handle: NativeHandle;
  readonly #recorders: ThreadRecorders;

  /**
   * Makes no thread yet.
   *
   * @throws TypeError, RangeError that name the option
   * @throws {@link MetricsRuntimeUnexpectedError} when the native addon cannot be loaded
   */
  constructor(options: MetricsRuntimeOptions) {
    const handle = this.#run(() =>
      options instanceof NativeHandle ? options : NativeHandle.make(options),
    );
    this.#handle = handle;
    this.#settings = handle.settings;
    this.#native = handle.native;
    this.#recorders = new ThreadRecorders(handle.native, handle.logContext);
  }

  static {
    logRuntimeCalls(MetricsRuntime.prototype);
  }

  /**
   * A handle on a running runtime for another thread of this process; give it to the thread in a
   * message or as its `workerData`, and to `MetricsRuntime.attach` there.
   *
   * @throws {@link MetricsRuntimeInvalidStateError} unless RUNNING
   */
  share(): MetricsRuntimeToken {
    return this.#run(() => this.#handle.share());
  }

  /**
   * The runtime that was shared, on this thread: the same thread, loop and registry behind it. Every
   * member works, also `shutdown()`. Recorders record into rings of this thread's own. The runtime
   * ends with the thread that made it; the end of this one only ends what is its own.
   *
   * @throws TypeError `ERR_INVALID_ARG_VALUE` when it is no token, or of another copy of the package
   * @throws {@link MetricsRuntimeInvalidStateError} when the runtime runs no more
   */
  static attach(token: MetricsRuntimeToken, options?: AttachOptions): MetricsRuntime {
    try {
      const handle = NativeHandle.attach(token, options);
      flushAtExit(handle.native);
      return new MetricsRuntime(handle as never);
    } catch (error) {
      throw wrapForeign(error, MetricsRuntimeUnexpectedError);
    }
  }

  /** The namespace. */
  get entityId(): string {
    return this.#settings.namespace;
  }

  /** Where this thread's calls are logged; `undefined`: nowhere. */
  getLogContext(): LogContext | undefined {
    return this.#handle.logContext;
  }

  /** Never blocks. */
  getStatus(): MetricsRuntimeState {
    return runtimeStateAt(this.#native.state());
  }

  /**
   * Starts the thread and waits until its loop runs. In RUNNING: nothing.
   *
   * @throws {@link MetricsRuntimeInvalidStateError} unless VIRGIN or RUNNING
   * @throws {@link MetricsRuntimeStartupError} the system refused; the runtime is in FAILURE
   */
  start(): void {
    this.#run(() => {
      this.#check(this.#native.start(), [MetricsRuntimeState.VIRGIN]);
      flushAtExit(this.#native);
    });
  }

  /**
   * Stops and removes every recorder, in the order of registration, each after everything it had
   * accepted was dispatched; ends the loop; joins the thread. In VIRGIN and CLOSED: CLOSED.
   * Concurrent callers get the one result.
   *
   * @throws {@link MetricsRuntimeInvalidStateError} in STARTING and FAILURE
   * @throws {@link MetricsRuntimeShutdownError} a recorder failed, or a limit (5 s for the
   * recorders, 5 s for the thread) passed; the runtime is in FAILURE
   */
  shutdown(): void {
    const expectedStates = [MetricsRuntimeState.RUNNING, MetricsRuntimeState.STOPPING];
    this.#refuseInside(expectedStates);
    this.#run(() => {
      const tellStops = this.#recorders.beginStops();
      this.#recorders.stopIfHolding();
      const failure = this.#native.shutdown();
      if (failure?.kind === "RUNTIME_STATE") throw runtimeError(failure, { expectedStates });
      forgetAtExit(this.#native);
      const faults = this.#recorders.forgetStopped();
      if (faults.length > 0) this.#native.failClosed();
      const failed = failure !== undefined || faults.length > 0;
      const error = failed ? shutdownError(failure, faults) : undefined;
      tellStops(error);
      if (error !== undefined) throw error;
    });
  }

  /** `shutdown()`, for `using`; nothing in FAILURE and STARTING. */
  [Symbol.dispose](): void {
    const state = this.getStatus();
    if (state === MetricsRuntimeState.FAILURE || state === MetricsRuntimeState.STARTING) return;
    this.shutdown();
  }

  /**
   * Creates and starts a recorder and registers it under `id`.
   *
   * @param id trimmed, not blank
   * @throws TypeError, RangeError that name the argument
   * @throws {@link MetricsRuntimeInvalidStateError} unless RUNNING
   * @throws {@link MetricsRuntimeRecorderAlreadyExistsError} the id is taken
   * @throws {@link MetricsRuntimeRecorderStartupError} the memory was refused; nothing is registered
   */
  createRecorder(id: string, options?: CreateRecorderOptions): MetricsRecorder {
    return this.#run(() => {
      checkRecorderOptionKeys(options);
      const recorderId = checkName("id", id);
      const { logContext } = this.#handle;
      const settings = checkRecorderOptions(options, recorderId, this.#settings, logContext);
      return this.#recorders.create(recorderId, settings);
    });
  }

  /**
   * The recorder registered under `id`: on one thread always the same object.
   *
   * @throws {@link MetricsRuntimeInvalidStateError} unless RUNNING
   * @throws {@link MetricsRuntimeRecorderNotFoundError}
   */
  getRecorder(id: string): MetricsRecorder {
    const recorderId = checkName("id", id);
    const recorder = this.#run(() => this.#recorders.find(recorderId));
    if (recorder === undefined) throw new MetricsRuntimeRecorderNotFoundError(recorderId);
    return recorder;
  }

  /**
   * As {@link getRecorder}, or `undefined` when there is none.
   *
   * @throws {@link MetricsRuntimeInvalidStateError} unless RUNNING
   */
  tryGetRecorder(id: string): MetricsRecorder | undefined {
    const recorderId = checkName("id", id);
    return this.#run(() => this.#recorders.find(recorderId));
  }

  /**
   * The ids of the registered recorders, in the order of registration. Frozen.
   *
   * @throws {@link MetricsRuntimeInvalidStateError} unless RUNNING
   */
  listRecorderIds(): readonly string[] {
    return this.#run(() => {
      const { value, failure } = this.#native.listRecorderIds();
      if (failure !== undefined) throw runtimeError(failure);
      return Object.freeze(value);
    });
  }

  /**
   * Stops a recorder after everything it had accepted was dispatched; it stays registered. Success
   * when it has stopped already.
   *
   * @throws {@link MetricsRuntimeInvalidStateError} unless RUNNING
   * @throws {@link MetricsRuntimeRecorderNotFoundError}
   * @throws {@link MetricsRuntimeRecorderStopError} the recorder has failed
   */
  stopRecorder(id: string): void {
    const recorderId = checkName("id", id);
    this.#refuseInside();
    this.#run(() => {
      this.#recorders.loggedStop(recorderId, () => {
        this.#recorders.stopIfHolding(recorderId);
        const failure = this.#native.stopRecorder(recorderId);
        if (failure !== undefined) throw this.#errorOf(failure, recorderId);
        this.#recorders.checkStopped(recorderId);
      });
    });
  }

  /**
   * As {@link stopRecorder}; then the recorder leaves the registry, also when stopping it failed.
   * Its snapshots and stats can still be read; it cannot start again.
   *
   * @returns the recorder
   */
  stopAndRemoveRecorder(id: string): MetricsRecorder {
    const recorderId = checkName("id", id);
    this.#refuseInside();
    return this.#run(() => {
      return this.#recorders.loggedStop(recorderId, () => {
        this.#recorders.stopIfHolding(recorderId);
        const { removed, failure } = this.#native.stopAndRemoveRecorder(recorderId);
        if (removed === undefined) throw this.#errorOf(failure, recorderId);
        const recorder = this.#recorders.removed(recorderId, removed);
        try {
          if (failure !== undefined) throw this.#errorOf(failure, recorderId);
          this.#recorders.checkStopped(recorderId);
        } finally {
          this.#recorders.forget(recorderId);
        }
        return recorder;
      });
    });
  }

  /**
   * All metrics of all recorders, as bytes for a scraper: rendered, and compressed if that is wanted, on the
   * runtime's thread, in slices between which it goes on with its work. This thread only gets the bytes. Each series
   * is whole, and with everything that this thread recorded before; nothing is rendered before all is copied. Keeps
   * the process alive until the bytes are there.
   *
   * Runs the callbacks of this thread's observable gauges first, and has other threads run theirs, for which it
   * waits at most 100 ms.
   *
   * @returns as `contentTypes[format]` says
   * @throws (rejects) TypeError that names the argument
   * @throws (rejects) {@link MetricsRuntimeInvalidStateError} unless RUNNING until it is done
   * @throws (rejects) {@link MetricsRuntimeLoopUnavailableError} after 60 s
   */
  async render(format: ExpositionFormat, options?: RenderOptions): Promise<Uint8Array> {
    return rendered(this.#observedCall(checkRender(format, options)));
  }

  /** As {@link render}, for scripts: blocks this thread until the bytes are there, for at most 60 s. */
  renderSync(format: ExpositionFormat, options?: RenderOptions): Uint8Array {
    return renderedSync(this.#observedCall(checkRender(format, options)));
  }

  /** What the runtime thread has done so far. Never blocks; works in every state. */
  getStats(): MetricsRuntimeStats {
    const { threadId, ...stats } = this.#native.stats();
    return { threadId: threadId === 0 ? undefined : threadId, ...stats };
  }

  #observedCall(wanted: WantedRender): RenderCall {
    const observed = this.#run(() => Observations.observeAll(this.#native));
    return { ...wanted, native: this.#native, observed };
  }

  /** @throws what `operation` throws; in a {@link MetricsRuntimeUnexpectedError} if it is not ours */
  #run<Result>(operation: () => Result): Result {
    deliverBeforeBlocking(); // most of them block
    try {
      return operation();
    } catch (error) {
      throw wrapForeign(error, MetricsRuntimeUnexpectedError);
    }
  }

  #refuseInside(
    expectedStates: readonly MetricsRuntimeState[] = [MetricsRuntimeState.RUNNING],
  ): void {
    if (!insideUserCode()) return;
    throw new MetricsRuntimeInvalidStateError(
      this.getStatus(),
      expectedStates,
      undefined,
      CALLED_FROM_INSIDE,
    );
  }

  #check(failure: NativeFailure | undefined, expectedStates: readonly MetricsRuntimeState[]): void {
    if (failure !== undefined) throw runtimeError(failure, { expectedStates });
  }

  #errorOf(failure: NativeFailure | undefined, recorderId: string): Error {
    if (failure === undefined) return new MetricsRuntimeRecorderNotFoundError(recorderId);
    return runtimeError(failure, { recorderId, fault: this.#recorders.faultOf(recorderId) });
  }
}
