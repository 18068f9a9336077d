import { describeCause } from "../errors/metrics-error.js";
import type { NativeBeginning, NativeFailure, NativeRecorder } from "../native/boundary.js";
import { faultError, recorderError, recorderStateAt } from "../native/failures.js";
import { unwatchTurns, watchTurns } from "../native/turns.js";
import {
  type MetricsRecorderError,
  MetricsRecorderInvalidStateError,
  MetricsRecorderOnStartingHookFailedError,
  MetricsRecorderOnStoppedHookFailedError,
} from "./errors.js";
import type { MetricsRecorderHooks } from "./hooks.js";
import type { MetricsRecorder } from "./metrics-recorder.js";
import { RecorderOperation } from "./recorder-operation.js";
import { MetricsRecorderState } from "./recorder-state.js";
import type { RecorderWatch } from "./recorder-watch.js";
import type { ThreadMetrics } from "./thread-metrics.js";
import { CALLED_FROM_INSIDE, insideUserCode, runUserCode } from "./user-code.js";
import { MetricsRecorderWaitHandle } from "./wait-handle.js";

const EXPECTED_STATES = {
  START: [MetricsRecorderState.VIRGIN, MetricsRecorderState.STOPPED],
  STOP: [MetricsRecorderState.RUNNING],
} as const;

/** A start that the runtime thread has only to finish. */
const LONGEST_SETTLE_MS = 5_000;

/** A recorder as its lifecycle sees it. */
export interface Owner {
  readonly recorder: MetricsRecorder;
  readonly metrics: ThreadMetrics;
  /** Of the thread that created the recorder, where something is logged. */
  readonly watch: RecorderWatch | undefined;
}

/**
 * The states of one recorder as the thread that created it takes it through them: the native
 * transitions and, around them, the hooks.
 */
export class RecorderLifecycle {
  readonly #recorderId: string;
  readonly #native: NativeRecorder;
  readonly #hooks: MetricsRecorderHooks;
  #owner: Owner | undefined;
  /** The last operation that this thread has begun. */
  #begun: RecorderOperation | undefined;
  /** How many stops the hook has followed. */
  #stopsSeen = 0;
  /** The error of a hook as it was thrown here; the native side has its text alone. */
  #hookError: MetricsRecorderError | undefined;

  constructor(recorderId: string, native: NativeRecorder, hooks: MetricsRecorderHooks = {}) {
    this.#recorderId = recorderId;
    this.#native = native;
    this.#hooks = hooks;
    if (hooks.onStopped !== undefined) watchTurns(this.#noticeStop);
  }

  /** The recorder was removed: it stops no more. A hook that is still due runs on its turn. */
  release(): void {
    this.#owner?.watch?.end();
    if (this.#native.stops() === this.#stopsSeen) this.discard();
  }

  /** No hook is to run any more. */
  discard(): void {
    unwatchTurns(this.#noticeStop);
  }

  /** Once, by the recorder itself. */
  bind(owner: Owner): void {
    this.#owner = owner;
    owner.metrics.bind(() => {
      if (this.#begun?.opName === "START") this.#begun.look(LONGEST_SETTLE_MS);
    }, owner.watch);
  }

  get status(): MetricsRecorderState {
    return recorderStateAt(this.#native.state());
  }

  /** Why the recorder is in FAILURE; `undefined` in every other state. */
  get fault(): MetricsRecorderError | undefined {
    const { faultKind, fault } = this.#native.stats();
    if (faultKind === "NONE") return undefined;
    const thrown = faultKind === "DISPATCHER" ? undefined : this.#hookError;
    return thrown ?? faultError(faultKind, fault);
  }

  invalidState(
    expectedStates: readonly MetricsRecorderState[],
    note?: string,
  ): MetricsRecorderInvalidStateError {
    return new MetricsRecorderInvalidStateError(this.status, expectedStates, this.fault, note);
  }

  /**
   * What is left of a creation that was held: the hook, then the native rest.
   *
   * @returns the failure of the native side; the creation was then abandoned
   * @throws {@link MetricsRecorderOnStartingHookFailedError}, likewise
   */
  finishCreation(): NativeFailure | undefined {
    const takeBack = this.#owner?.metrics.keep();
    const error = this.#runOnStarting((reason) => this.#native.abandonCreation(reason));
    const failure = error === undefined ? this.#native.finishCreation() : undefined;
    if (error !== undefined || failure !== undefined) takeBack?.();
    if (error !== undefined) throw error;
    return failure;
  }

  start(): MetricsRecorderWaitHandle {
    // A stop that has ended: its hook comes before this start.
    if (this.#begun?.opName === "STOP") this.#begun.look(0);
    if (this.#hooks.onStarting === undefined) {
      return this.#handle(this.#operation("START", this.#native.start(), () => undefined));
    }
    const beginning = this.#native.beginStart();
    const takeBack = this.#owner?.metrics.keep();
    let hookError: MetricsRecorderError | undefined;
    const operation = this.#operation("START", beginning, (failure) => {
      if (failure !== undefined) takeBack?.();
      return hookError;
    });
    if (beginning.begun) {
      hookError = this.#runOnStarting((reason) => this.#native.abandonStart(reason));
      if (hookError === undefined) this.#native.finishStart();
      else takeBack?.();
    }
    return this.#handle(operation);
  }

  stop(): MetricsRecorderWaitHandle {
    // This thread's metrics first, since the stop waits for them only so long. What their events have
    // brought about comes afterwards, when there can be no more.
    this.#owner?.metrics.deliver();
    const beginning = this.#native.stop();
    this.#owner?.metrics.deliver();
    const operation = this.#operation("STOP", beginning, (failure) =>
      failure === undefined ? this.#runOnStopped() : undefined,
    );
    const watch = this.#owner?.watch;
    if (beginning.begun && watch !== undefined) operation.observe(() => watch.tell());
    if (beginning.begun && this.#hooks.onStopped !== undefined) {
      try {
        operation.listen();
      } catch {
        // Then the hook runs when somebody waits, and at the latest before the next start.
      }
    }
    return this.#handle(operation);
  }

  /**
   * Before a call that blocks until the recorder has stopped: begins the stop, if this thread's metrics
   * hold events that bring about others without end. Nobody else could end that.
   */
  stopIfHolding(): void {
    if ((this.#owner?.metrics.due ?? 0) > 0) this.stop();
  }

  /** After this thread's runtime has stopped the recorder: runs the hook, if due; gives its error. */
  stopped(): MetricsRecorderError | undefined {
    if (this.#stopGoesOn) return this.#begun?.look(0)?.error;
    const error = this.#native.stops() > this.#stopsSeen ? this.#runOnStopped() : undefined;
    this.#owner?.watch?.tell();
    return error;
  }

  /** On a turn: some recorder has stopped. If it is this one, and by another thread, it is over. */
  readonly #noticeStop = (): void => {
    if (this.#stopGoesOn) this.#begun?.look(0);
    else if (this.#native.stops() > this.#stopsSeen) this.#runOnStopped("the stop is done");
    if (this.#native.letGo()) this.discard();
  };

  get #stopGoesOn(): boolean {
    return this.#begun?.opName === "STOP" && !this.#begun.ended;
  }

  /**
   * The operation that a native call has begun, or that it has found under way.
   *
   * @param complete called when one that was begun here has ended; its error comes before the native
   */
  #operation(
    opName: "START" | "STOP",
    { operation, begun }: NativeBeginning,
    complete: (failure: NativeFailure | undefined) => MetricsRecorderError | undefined,
  ): RecorderOperation {
    if (!begun && this.#begun?.isOn(operation)) return this.#begun;
    const made = new RecorderOperation(opName, operation, (failure) => {
      const error = begun ? complete(failure) : undefined;
      return error ?? this.#errorOf(opName, failure);
    });
    if (begun) this.#begun = made;
    return made;
  }

  #errorOf(
    opName: "START" | "STOP",
    failure: NativeFailure | undefined,
  ): MetricsRecorderError | undefined {
    if (failure === undefined) return undefined;
    if (failure.kind === "RECORDER_FAULT") {
      return this.fault ?? faultError(failure.faultKind, failure.message);
    }
    return recorderError(failure, EXPECTED_STATES[opName], this.#recorderId, this.fault);
  }

  #handle(operation: RecorderOperation): MetricsRecorderWaitHandle {
    return new MetricsRecorderWaitHandle(operation, () => {
      if (!insideUserCode()) return;
      throw this.invalidState(EXPECTED_STATES[operation.opName], CALLED_FROM_INSIDE);
    });
  }

  readonly #countFailure = (cause: unknown): void => {
    this.#owner?.watch?.noteHookError(cause);
    this.#native.countHookFailure();
  };

  #runOnStarting(abandon: (reason: string) => void): MetricsRecorderError | undefined {
    const owner = this.#owner;
    if (owner === undefined || this.#hooks.onStarting === undefined) return undefined;
    try {
      runUserCode(() => this.#hooks.onStarting?.(owner.recorder), this.#countFailure);
      return undefined;
    } catch (cause) {
      this.#hookError = new MetricsRecorderOnStartingHookFailedError(cause);
      abandon(describeCause(cause).message);
      return this.#hookError;
    }
  }

  #runOnStopped(over?: "the stop is done"): MetricsRecorderError | undefined {
    const owner = this.#owner;
    if (owner === undefined || this.#hooks.onStopped === undefined) return undefined;
    this.#stopsSeen = this.#native.stops();
    try {
      runUserCode(() => this.#hooks.onStopped?.(owner.recorder), this.#countFailure);
      return undefined;
    } catch (cause) {
      if (over !== undefined) {
        this.#native.countHookFailure();
        this.#owner?.watch?.noteCleanupError(cause);
        return undefined;
      }
      this.#hookError = new MetricsRecorderOnStoppedHookFailedError(cause);
      this.#native.failStopped(describeCause(cause).message);
      return this.#hookError;
    }
  }
}
