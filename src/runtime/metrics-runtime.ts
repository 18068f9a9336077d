import { checkName } from "../errors/argument-checks.js";
import { EventCodecs } from "../events/event-codecs.js";
import { addon } from "../native/addon.js";
import type { NativeFailure, NativeRuntime } from "../native/boundary.js";
import { runtimeError, runtimeStateAt } from "../native/failures.js";
import { EventQueue } from "../recorder/event-queue.js";
import { MetricsRecorder } from "../recorder/metrics-recorder.js";
import {
  MetricsRuntimeRecorderAlreadyExistsError,
  MetricsRuntimeRecorderNotFoundError,
  MetricsRuntimeRecorderStartupError,
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
  readonly #recorders = new Map<string, MetricsRecorder>();

  /**
   * Makes no thread yet.
   *
   * @throws TypeError, RangeError that name the option
   * @throws {@link MetricsRuntimeUnexpectedError} when the native addon cannot be loaded
   */
  constructor(options: MetricsRuntimeOptions) {
    this.#settings = checkRuntimeOptions(options);
    this.#native = new (addon().NativeRuntime)(this.#settings.namespace);
    this.#codecs = new EventCodecs(this.#native);
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
    this.#check(this.#native.start(), [MetricsRuntimeState.VIRGIN]);
    flushAtExit(this.#native);
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
    const failure = this.#native.shutdown();
    forgetAtExit(this.#native);
    if (this.getStatus() !== MetricsRuntimeState.STARTING) this.#recorders.clear();
    this.#check(failure, [MetricsRuntimeState.RUNNING, MetricsRuntimeState.STOPPING]);
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
    checkRecorderOptionKeys(options);
    const recorderId = checkName("id", id);
    const settings = checkRecorderOptions(options, recorderId, this.#settings);
    this.#refuseTaken(recorderId);
    const queue = this.#makeQueue(recorderId, settings.queueMaxSize);
    const { value: native, failure } = this.#native.createRecorder(
      recorderId,
      settings.queueMaxSize,
      queue.i32,
    );
    if (failure?.kind === "OUT_OF_MEMORY") {
      throw new MetricsRuntimeRecorderStartupError(recorderId, runtimeError(failure));
    }
    if (failure !== undefined) throw runtimeError(failure, { recorderId });
    const recorder = new MetricsRecorder({
      recorderId,
      entityId: settings.entityId,
      namespace: settings.namespace,
      queueOverflowPolicy: settings.queueOverflowPolicy,
      queue,
      codecs: this.#codecs,
      native,
    });
    this.#recorders.set(recorderId, recorder);
    return recorder;
  }

  /**
   * The recorder registered under `id`: on one thread always the same object.
   *
   * @throws {@link MetricsRuntimeInvalidStateError} unless RUNNING
   * @throws {@link MetricsRuntimeRecorderNotFoundError}
   */
  getRecorder(id: string): MetricsRecorder {
    const recorderId = checkName("id", id);
    const recorder = this.#find(recorderId);
    if (recorder === undefined) throw new MetricsRuntimeRecorderNotFoundError(recorderId);
    return recorder;
  }

  /**
   * As {@link getRecorder}, or `undefined` when there is none.
   *
   * @throws {@link MetricsRuntimeInvalidStateError} unless RUNNING
   */
  tryGetRecorder(id: string): MetricsRecorder | undefined {
    return this.#find(checkName("id", id));
  }

  /**
   * The ids of the registered recorders, in the order of registration. Frozen.
   *
   * @throws {@link MetricsRuntimeInvalidStateError} unless RUNNING
   */
  listRecorderIds(): readonly string[] {
    const { value, failure } = this.#native.listRecorderIds();
    if (failure !== undefined) throw runtimeError(failure);
    return Object.freeze(value);
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
    const failure = this.#native.stopRecorder(recorderId);
    if (failure !== undefined) throw runtimeError(failure, { recorderId });
  }

  /**
   * As {@link stopRecorder}; then the recorder leaves the registry, also when stopping it failed.
   * Its snapshots and stats can still be read; it cannot start again.
   *
   * @returns the recorder
   */
  stopAndRemoveRecorder(id: string): MetricsRecorder {
    const recorderId = checkName("id", id);
    const recorder = this.#recorders.get(recorderId);
    const { removed, failure } = this.#native.stopAndRemoveRecorder(recorderId);
    if (removed) this.#recorders.delete(recorderId);
    if (failure !== undefined) throw runtimeError(failure, { recorderId });
    if (recorder === undefined) throw new MetricsRuntimeRecorderNotFoundError(recorderId);
    return recorder;
  }

  /** What the runtime thread has done so far. Never blocks; works in every state. */
  getStats(): MetricsRuntimeStats {
    const { threadId, ...stats } = this.#native.stats();
    return { threadId: threadId === 0 ? undefined : threadId, ...stats };
  }

  #find(recorderId: string): MetricsRecorder | undefined {
    const failure = this.#native.findRecorder(recorderId);
    if (failure === undefined) return this.#recorders.get(recorderId);
    if (failure.kind === "NOT_FOUND") return undefined;
    throw runtimeError(failure, { recorderId });
  }

  #makeQueue(recorderId: string, queueMaxSize: number): EventQueue {
    try {
      const native = this.#native;
      return new EventQueue(queueMaxSize, addon().hasProcessBarrier, () => native.wake());
    } catch (cause) {
      throw new MetricsRuntimeRecorderStartupError(recorderId, cause);
    }
  }

  /** Before any memory is asked for; the native side decides in the end. */
  #refuseTaken(recorderId: string): void {
    if (this.#find(recorderId) !== undefined) {
      throw new MetricsRuntimeRecorderAlreadyExistsError(recorderId);
    }
  }

  #check(failure: NativeFailure | undefined, expectedStates: readonly MetricsRuntimeState[]): void {
    if (failure !== undefined) throw runtimeError(failure, { expectedStates });
  }
}
