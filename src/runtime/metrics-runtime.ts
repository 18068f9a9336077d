import { constants } from "node:os";
import { checkName } from "../errors/argument-checks.js";
import { EventCodecs } from "../events/event-codecs.js";
import { addon } from "../native/addon.js";
import type { NativeFailure, NativeRuntime } from "../native/boundary.js";
import {
  recorderError,
  runtimeError,
  runtimeStateAt,
  shutdownError,
  wrapForeign,
} from "../native/failures.js";
import { EventQueue } from "../recorder/event-queue.js";
import { MetricsRecorder } from "../recorder/metrics-recorder.js";
import { RecorderLifecycle } from "../recorder/recorder-lifecycle.js";
import { CALLED_FROM_INSIDE, insideUserCode } from "../recorder/user-code.js";
import {
  MetricsRuntimeInvalidStateError,
  MetricsRuntimeRecorderAlreadyExistsError,
  MetricsRuntimeRecorderNotFoundError,
  MetricsRuntimeRecorderStartupError,
  MetricsRuntimeRecorderStopError,
  MetricsRuntimeUnexpectedError,
} from "./errors.js";
import { flushAtExit, forgetAtExit } from "./exit-flush.js";
import {
  type CreateRecorderOptions,
  checkRecorderOptionKeys,
  checkRecorderOptions,
  checkRuntimeOptions,
  type MetricsRuntimeOptions,
  type RuntimeSettings,
} from "./runtime-options.js";
import { MetricsRuntimeState } from "./runtime-state.js";

/** For memory that the system refused, whoever asked it. */
const OUT_OF_MEMORY = { osCode: "ENOMEM", errno: -constants.errno.ENOMEM };

interface Registered {
  readonly recorder: MetricsRecorder;
  readonly lifecycle: RecorderLifecycle;
}

/** What the runtime thread has done so far. */
export interface MetricsRuntimeStats {
  /** The operating system's id of the runtime thread; `undefined` when no thread runs. */
  readonly threadId: number | undefined;
  /** How often the thread's loop turned, for whatever reason. */
  readonly loopTurns: number;
  /** How often it was woken by another thread rather than by its own timer. */
  readonly wakeUps: number;
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
  readonly #codecs: EventCodecs;
  /** The recorders of this JavaScript thread, each one object for as long as it is registered. */
  readonly #recorders = new Map<string, Registered>();

  /**
   * Makes no thread yet.
   *
   * @throws TypeError, RangeError that name the option
   * @throws {@link MetricsRuntimeUnexpectedError} when the native addon cannot be loaded
   */
  constructor(options: MetricsRuntimeOptions) {
    const { settings, native } = this.#run(() => {
      const settings = checkRuntimeOptions(options);
      return { settings, native: new (addon().NativeRuntime)(settings.namespace) };
    });
    this.#settings = settings;
    this.#native = native;
    this.#codecs = new EventCodecs(native);
  }

  /** The namespace. */
  get entityId(): string {
    return this.#settings.namespace;
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
      const stopping = [...this.#recorders].filter(([, { lifecycle }]) => lifecycle.willStop);
      const failure = this.#native.shutdown();
      if (failure?.kind === "RUNTIME_STATE") throw runtimeError(failure, { expectedStates });
      forgetAtExit(this.#native);
      this.#recorders.clear();
      const thrown = stopping.flatMap(([recorderId, { lifecycle }]) => {
        const error = lifecycle.stopped();
        return error === undefined ? [] : [{ recorderId, error }];
      });
      if (thrown.length > 0) this.#native.failClosed();
      if (failure !== undefined || thrown.length > 0) throw shutdownError(failure, thrown);
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
      const settings = checkRecorderOptions(options, recorderId, this.#settings);
      this.#refuseTaken(recorderId);
      const queue = this.#makeQueue(recorderId, settings.queueMaxSize);
      const hold = settings.hooks?.onStarting !== undefined;
      const { value: native, failure } = this.#native.createRecorder(
        recorderId,
        settings.queueMaxSize,
        queue.i32,
        hold,
      );
      if (failure !== undefined) throw creationError(recorderId, failure);
      const lifecycle = new RecorderLifecycle(recorderId, native, settings.hooks);
      const recorder = new MetricsRecorder({
        recorderId,
        entityId: settings.entityId,
        namespace: settings.namespace,
        queueOverflowPolicy: settings.queueOverflowPolicy,
        queue,
        codecs: this.#codecs,
        native,
        lifecycle,
      });
      if (hold) finishCreation(recorderId, lifecycle);
      this.#recorders.set(recorderId, { recorder, lifecycle });
      return recorder;
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
    const recorder = this.#run(() => this.#find(recorderId));
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
    return this.#run(() => this.#find(recorderId));
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
      const lifecycle = this.#recorders.get(recorderId)?.lifecycle;
      const willStop = lifecycle?.willStop === true;
      const failure = this.#native.stopRecorder(recorderId);
      if (failure !== undefined) throw runtimeError(failure, { recorderId });
      this.#checkStopped(recorderId, willStop ? lifecycle : undefined);
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
      const known = this.#recorders.get(recorderId);
      const willStop = known?.lifecycle.willStop === true;
      const { removed, failure } = this.#native.stopAndRemoveRecorder(recorderId);
      if (removed) this.#recorders.delete(recorderId);
      if (failure !== undefined) throw runtimeError(failure, { recorderId });
      if (known === undefined) throw new MetricsRuntimeRecorderNotFoundError(recorderId);
      this.#checkStopped(recorderId, willStop ? known.lifecycle : undefined);
      return known.recorder;
    });
  }

  /** What the runtime thread has done so far. Never blocks; works in every state. */
  getStats(): MetricsRuntimeStats {
    const { threadId, ...stats } = this.#native.stats();
    return { threadId: threadId === 0 ? undefined : threadId, ...stats };
  }

  /** @throws what `operation` throws; in a {@link MetricsRuntimeUnexpectedError} if it is not ours */
  #run<Result>(operation: () => Result): Result {
    try {
      return operation();
    } catch (error) {
      throw wrapForeign(error, MetricsRuntimeUnexpectedError);
    }
  }

  #find(recorderId: string): MetricsRecorder | undefined {
    const failure = this.#native.findRecorder(recorderId);
    if (failure === undefined) return this.#recorders.get(recorderId)?.recorder;
    if (failure.kind === "NOT_FOUND") return undefined;
    throw runtimeError(failure, { recorderId });
  }

  #makeQueue(recorderId: string, queueMaxSize: number): EventQueue {
    try {
      const native = this.#native;
      return new EventQueue(queueMaxSize, addon().hasProcessBarrier, () => native.wake());
    } catch (cause) {
      throw new MetricsRuntimeRecorderStartupError(recorderId, cause, OUT_OF_MEMORY);
    }
  }

  /** Before any memory is asked for; the native side decides in the end. */
  #refuseTaken(recorderId: string): void {
    if (this.#find(recorderId) !== undefined) {
      throw new MetricsRuntimeRecorderAlreadyExistsError(recorderId);
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

  /** @param lifecycle of the recorder, when this call has stopped it */
  #checkStopped(recorderId: string, lifecycle: RecorderLifecycle | undefined): void {
    const error = lifecycle?.stopped();
    if (error !== undefined) throw new MetricsRuntimeRecorderStopError(recorderId, error);
  }
}

function finishCreation(recorderId: string, lifecycle: RecorderLifecycle): void {
  let failure: NativeFailure | undefined;
  try {
    failure = lifecycle.finishCreation();
  } catch (error) {
    throw new MetricsRuntimeRecorderStartupError(recorderId, error);
  }
  if (failure !== undefined) throw creationError(recorderId, failure);
}

function creationError(recorderId: string, failure: NativeFailure): Error {
  switch (failure.kind) {
    case "OUT_OF_MEMORY":
      return new MetricsRuntimeRecorderStartupError(
        recorderId,
        runtimeError(failure),
        OUT_OF_MEMORY,
      );
    case "RECORDER_FAULT":
      return new MetricsRuntimeRecorderStartupError(recorderId, recorderError(failure, []));
    default:
      return runtimeError(failure, { recorderId });
  }
}
