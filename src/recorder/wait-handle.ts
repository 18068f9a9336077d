import { checkInteger } from "../errors/argument-checks.js";
import { type OutcomeListener, observeOutcome } from "../logging/outcome.js";
import { deliverBeforeBlocking } from "./deliveries.js";
import { type MetricsRecorderOperationResult, RecorderOperation } from "./recorder-operation.js";

const LONGEST_WAIT_MS = 2 ** 31 - 1;

/**
 * The start or stop of a recorder while it goes on. Never throws for an operation that failed: the
 * result says so. Many may wait on one operation; all get the same result.
 */
export class MetricsRecorderWaitHandle implements PromiseLike<MetricsRecorderOperationResult> {
  readonly #operation: RecorderOperation;
  readonly #refuseInside: () => void;

  /** @internal */
  constructor(operation: RecorderOperation, refuseInside: () => void) {
    if (!(operation instanceof RecorderOperation)) {
      throw new TypeError("wait handles are made by a recorder's start() and stop()");
    }
    this.#operation = operation;
    this.#refuseInside = refuseInside;
  }

  /**
   * Blocks this thread until the operation has ended.
   *
   * @throws {@link MetricsRecorderInvalidStateError} when called from inside a hook
   */
  wait(): MetricsRecorderOperationResult;
  /**
   * Blocks this thread until the operation has ended, or the time has passed.
   *
   * @param timeoutMs at most so many milliseconds, 0 … 2^31 - 1; 0 polls; `undefined`: until it ends
   * @returns `undefined` when the time has passed; the operation goes on
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, RangeError `ERR_OUT_OF_RANGE`
   * @throws {@link MetricsRecorderInvalidStateError} when called from inside a hook, except to poll
   */
  wait(timeoutMs: number | undefined): MetricsRecorderOperationResult | undefined;
  wait(timeoutMs?: number): MetricsRecorderOperationResult | undefined {
    const limitMs =
      timeoutMs === undefined
        ? Number.POSITIVE_INFINITY
        : checkInteger("timeoutMs", timeoutMs, 0, LONGEST_WAIT_MS);
    if (limitMs > 0) this.#refuseInside();
    deliverBeforeBlocking();
    return this.#operation.look(limitMs);
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
    return this.#operation.settled().then(onfulfilled, onrejected);
  }

  /** @internal For the log, as an `Outcome`: to say so would leave users a class without what it claims to have. */
  [observeOutcome](listener: OutcomeListener): void {
    this.#operation.observe(listener);
  }
}
