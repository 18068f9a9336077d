import { constants } from "node:os";
import { EventCodecs } from "../events/event-codecs.js";
import type { LogContext } from "../logging/log-context.js";
import { runLogged } from "../logging/log-stages.js";
import { addon } from "../native/addon.js";
import type {
  NativeFailure,
  NativeRecorder,
  NativeRecorderOrigin,
  NativeResult,
  NativeRuntime,
} from "../native/boundary.js";
import { recorderError, runtimeError } from "../native/failures.js";
import type { MetricsRecorderError } from "../recorder/errors.js";
import { EventQueue } from "../recorder/event-queue.js";
import type { MetricsRecorderHooks } from "../recorder/hooks.js";
import { MetricsRecorder, type RecorderParts } from "../recorder/metrics-recorder.js";
import { RecorderLifecycle } from "../recorder/recorder-lifecycle.js";
import { lifecycleStages } from "../recorder/recorder-log.js";
import { MetricsRecorderState } from "../recorder/recorder-state.js";
import { RecorderWatch } from "../recorder/recorder-watch.js";
import { ThreadMetrics } from "../recorder/thread-metrics.js";
import {
  MetricsRuntimeRecorderAlreadyExistsError,
  MetricsRuntimeRecorderStartupError,
  MetricsRuntimeRecorderStopError,
  type RecorderFault,
} from "./errors.js";
import { beginLoggedStops, loggedStop } from "./logged-stops.js";
import type { RecorderSettings } from "./runtime-options.js";

/** For memory that the system refused, whoever asked it. */
const OUT_OF_MEMORY = { osCode: "ENOMEM", errno: -constants.errno.ENOMEM };

/** What a recorder's creator tells the threads that open it. */
type Attributes = Pick<RecorderSettings, "entityId" | "namespace" | "queueOverflowPolicy">;

interface Hooked {
  readonly hooks?: MetricsRecorderHooks | undefined;
}

interface ThreadRecorder {
  readonly serial: number;
  readonly native: NativeRecorder;
  readonly recorder: MetricsRecorder;
  readonly lifecycle: RecorderLifecycle;
}

/**
 * The recorders of a runtime as one JavaScript thread has them: one object and one ring for each, from
 * the first time that this thread asks for it.
 */
export class ThreadRecorders {
  readonly #native: NativeRuntime;
  readonly #codecs: EventCodecs;
  /** Of recorders that this thread did not create. */
  readonly #logContext: LogContext | undefined;
  readonly #known = new Map<string, ThreadRecorder>();

  constructor(native: NativeRuntime, logContext: LogContext | undefined) {
    this.#native = native;
    this.#logContext = logContext;
    this.#codecs = new EventCodecs(native);
  }

  /** @throws as `MetricsRuntime.createRecorder`, apart from arguments */
  create(recorderId: string, settings: RecorderSettings): MetricsRecorder {
    // Before any memory is asked for; the native side decides in the end.
    if (this.#origin(recorderId) !== undefined) {
      throw new MetricsRuntimeRecorderAlreadyExistsError(recorderId);
    }
    this.#forgetRemoved();
    let made: RecorderLifecycle | undefined;
    const state = () => made?.status ?? MetricsRecorderState.VIRGIN;
    const stages = lifecycleStages("start", settings.logContext, settings.entityId, state);
    const start = (): MetricsRecorder =>
      this.#start(recorderId, settings, (lifecycle) => {
        made = lifecycle;
      });
    return stages === undefined ? start() : runLogged(stages, start);
  }

  /** @param began called before anything of the user's runs */
  #start(
    recorderId: string,
    settings: RecorderSettings,
    began: (lifecycle: RecorderLifecycle) => void,
  ): MetricsRecorder {
    const { entityId, namespace, queueOverflowPolicy, queueMaxSize, logContext, hooks } = settings;
    const attributes: Attributes = { entityId, namespace, queueOverflowPolicy };
    const hold = hooks?.onStarting !== undefined;
    const queue = this.#makeQueue(recorderId, queueMaxSize);
    const native = made(
      recorderId,
      this.#native.createRecorder(
        recorderId,
        queueMaxSize,
        queue.i32,
        JSON.stringify(attributes),
        hold,
        hooks?.onStopped !== undefined || hooks?.onMetricChanged !== undefined,
        namespace,
        entityId,
      ),
    );
    const lifecycle = new RecorderLifecycle(recorderId, native, hooks);
    began(lifecycle);
    const watch = RecorderWatch.of({
      native,
      entityId,
      logContext,
      status: () => lifecycle.status,
      fault: () => lifecycle.fault,
    });
    const recorder = this.#recorder({
      recorderId,
      ...attributes,
      queueMaxSize,
      logContext,
      native,
      queue,
      lifecycle,
      watch,
      hooks,
    });
    try {
      if (hold) finishCreation(recorderId, lifecycle);
    } catch (error) {
      watch?.end();
      lifecycle.discard();
      throw error;
    }
    const { serial } = native.origin();
    this.#known.set(recorderId, { serial, native, recorder, lifecycle });
    return recorder;
  }

  /**
   * The registered recorder; opened, when this thread has not used it before.
   *
   * @throws as `MetricsRuntime.getRecorder`, apart from arguments; but `undefined` if there is none
   */
  find(recorderId: string): MetricsRecorder | undefined {
    const origin = this.#origin(recorderId);
    if (origin === undefined) return undefined;
    const known = this.#known.get(recorderId);
    if (known?.serial === origin.serial) return known.recorder;
    const queue = this.#makeQueue(recorderId, origin.queueMaxSize);
    const { value, failure } = this.#native.openRecorder(recorderId, queue.i32);
    if (failure?.kind === "NOT_FOUND") return undefined; // removed meanwhile
    const native = made(recorderId, failure === undefined ? { value } : { failure });
    return this.#open(recorderId, native, queue);
  }

  /** Before a call that stops this recorder, or all: see `RecorderLifecycle.stopIfHolding`. */
  stopIfHolding(stoppedId?: string): void {
    for (const [recorderId, { lifecycle }] of this.#known) {
      if (stoppedId === undefined || stoppedId === recorderId) lifecycle.stopIfHolding();
    }
  }

  /** Stops a recorder by `stop`, logged as its own stop if this thread uses it. */
  loggedStop<Result>(recorderId: string, stop: () => Result): Result {
    return loggedStop(this.#known.get(recorderId)?.recorder, stop);
  }

  /** Before all recorders are stopped at once; see `beginLoggedStops`. */
  beginStops(): (failure: Error | undefined) => void {
    return beginLoggedStops([...this.#known.values()]);
  }

  /** @throws {@link MetricsRuntimeRecorderStopError} the hook after a stop that was just made threw */
  checkStopped(recorderId: string): void {
    const error = this.#known.get(recorderId)?.lifecycle.stopped();
    if (error !== undefined) throw new MetricsRuntimeRecorderStopError(recorderId, error);
  }

  /** The recorder that this thread has just removed; it runs no more, so that it needs no ring. */
  removed(recorderId: string, native: NativeRecorder): MetricsRecorder {
    const known = this.#known.get(recorderId);
    if (known?.serial === native.origin().serial) return known.recorder;
    return this.#open(recorderId, native, EventQueue.closed());
  }

  forget(recorderId: string): void {
    this.#known.get(recorderId)?.lifecycle.release();
    this.#known.delete(recorderId);
  }

  /** Why a recorder that this thread uses is in FAILURE. */
  faultOf(recorderId: string): MetricsRecorderError | undefined {
    return this.#known.get(recorderId)?.lifecycle.fault;
  }

  /** After a shutdown: runs the hooks that are due, forgets all of them, and gives what has failed. */
  forgetStopped(): readonly RecorderFault[] {
    const faults = [...this.#known].flatMap(([recorderId, { lifecycle }]) => {
      const error = lifecycle.stopped() ?? lifecycle.fault;
      lifecycle.release();
      return error === undefined ? [] : [{ recorderId, error }];
    });
    this.#known.clear();
    return faults;
  }

  #origin(recorderId: string): NativeRecorderOrigin | undefined {
    const { value, failure } = this.#native.findRecorder(recorderId);
    if (failure === undefined) return value;
    if (failure.kind === "NOT_FOUND") return undefined;
    throw runtimeError(failure, { recorderId });
  }

  #open(recorderId: string, native: NativeRecorder, queue: EventQueue): MetricsRecorder {
    const { serial, attributes, queueMaxSize } = native.origin();
    const lifecycle = new RecorderLifecycle(recorderId, native);
    const given = JSON.parse(attributes) as Attributes;
    const recorder = this.#recorder({
      recorderId,
      ...given,
      queueMaxSize,
      logContext: this.#logContext,
      native,
      queue,
      lifecycle,
      watch: undefined, // that of its creator tells of all threads
    });
    this.forget(recorderId);
    this.#known.set(recorderId, { serial, native, recorder, lifecycle });
    return recorder;
  }

  #recorder({
    hooks,
    ...parts
  }: Omit<RecorderParts, "codecs" | "metrics"> & Hooked): MetricsRecorder {
    const codecs = this.#codecs;
    const metrics = new ThreadMetrics(parts.native, parts.queue, codecs, hooks);
    return new MetricsRecorder({ ...parts, codecs, metrics });
  }

  #makeQueue(recorderId: string, queueMaxSize: number): EventQueue {
    try {
      const native = this.#native;
      return new EventQueue(queueMaxSize, addon().hasProcessBarrier, () => native.wake());
    } catch (cause) {
      throw new MetricsRuntimeRecorderStartupError(recorderId, cause, OUT_OF_MEMORY);
    }
  }

  /** Other threads remove recorders too. */
  #forgetRemoved(): void {
    for (const [recorderId, { native, serial }] of this.#known) {
      if (native.letGo() && this.#origin(recorderId)?.serial !== serial) this.forget(recorderId);
    }
  }
}

function made(recorderId: string, result: NativeResult<NativeRecorder>): NativeRecorder {
  if (result.failure !== undefined) throw creationError(recorderId, result.failure);
  return result.value;
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
