import { checkInteger } from "../errors/argument-checks.js";
import type { NativeOperation } from "../native/boundary.js";
import { recorderError } from "../native/failures.js";
import { MetricsRuntimeLoopUnavailableError } from "../runtime/errors.js";
import { type MetricsRecorderError, MetricsRecorderUnexpectedError } from "./errors.js";
import { MetricsRecorderState } from "./recorder-state.js";

/** How a start or stop ended. Frozen. */
export interface MetricsRecorderOperationResult {
  readonly opName: "START" | "STOP";
  readonly success: boolean;
  /** Why it failed; `undefined` when it succeeded. */
  readonly error: MetricsRecorderError | undefined;
}

const EXPECTED_STATES = {
  START: [MetricsRecorderState.VIRGIN, MetricsRecorderState.STOPPED],
  STOP: [MetricsRecorderState.RUNNING],
} as const;

/** Between two looks at an operation that somebody awaits, and the most that such a wait takes. */
const POLL_INTERVAL_MS = 1;
const AWAIT_LIMIT_MS = 5_000;
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/**
 * The start or stop of a recorder while it goes on. Never throws for an operation that failed: the
 * result says so.
 */
export class MetricsRecorderWaitHandle implements PromiseLike<MetricsRecorderOperationResult> {
  readonly #opName: "START" | "STOP";
  readonly #operation: NativeOperation;
  readonly #recorderId: string;
  #result: MetricsRecorderOperationResult | undefined;
  #settling: Promise<MetricsRecorderOperationResult> | undefined;

  /** @internal */
  constructor(opName: "START" | "STOP", operation: NativeOperation, recorderId: string) {
    this.#opName = opName;
    this.#operation = operation;
    this.#recorderId = recorderId;
  }

  /**
   * Blocks this thread until the operation has ended.
   *
   * @param timeoutMs at most so many milliseconds, 0 … 2^31 - 1; 0 polls; absent: until it ends
   * @returns `undefined` when the time has passed; the operation goes on
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`
   */
  wait(): MetricsRecorderOperationResult;
  wait(timeoutMs: number | undefined): MetricsRecorderOperationResult | undefined;
  wait(timeoutMs?: number): MetricsRecorderOperationResult | undefined {
    const limitMs =
      timeoutMs === undefined
        ? Number.POSITIVE_INFINITY
        : checkInteger("timeoutMs", timeoutMs, 0, LONGEST_WAIT_MS);
    if (this.#result === undefined) this.#look(limitMs);
    return this.#result;
  }

  /**
   * `await handle` waits without blocking; it keeps the process alive until the operation ends, for
   * at most 5 s: then the result is a failure, whose error has the cause
   * `MetricsRuntimeLoopUnavailableError`, and the operation goes on.
   */
  // biome-ignore lint/suspicious/noThenProperty: the handle is awaitable by contract
  then<Fulfilled = MetricsRecorderOperationResult, Rejected = never>(
    onfulfilled?:
      | ((result: MetricsRecorderOperationResult) => Fulfilled | PromiseLike<Fulfilled>)
      | null,
    onrejected?: ((reason: unknown) => Rejected | PromiseLike<Rejected>) | null,
  ): Promise<Fulfilled | Rejected> {
    this.#settling ??= this.#settle();
    return this.#settling.then(onfulfilled, onrejected);
  }

  async #settle(): Promise<MetricsRecorderOperationResult> {
    const begin = performance.now();
    for (;;) {
      const result = this.wait(0);
      if (result !== undefined) return result;
      const waitedMs = performance.now() - begin;
      if (waitedMs >= AWAIT_LIMIT_MS) {
        const cause = new MetricsRuntimeLoopUnavailableError(waitedMs);
        return this.#outcome(new MetricsRecorderUnexpectedError(cause));
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }

  #outcome(error: MetricsRecorderError | undefined): MetricsRecorderOperationResult {
    return Object.freeze({ opName: this.#opName, success: error === undefined, error });
  }

  #look(limitMs: number): void {
    const failure = this.#operation.wait(limitMs);
    if (failure === false) return;
    this.#result = this.#outcome(
      failure === undefined
        ? undefined
        : recorderError(failure, EXPECTED_STATES[this.#opName], this.#recorderId),
    );
  }
}
