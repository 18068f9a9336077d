import type { OutcomeListener } from "../logging/outcome.js";
import type { NativeFailure, NativeOperation } from "../native/boundary.js";
import { whenSettled } from "../native/turns.js";
import { MetricsRuntimeLoopUnavailableError } from "../runtime/errors.js";
import { type MetricsRecorderError, MetricsRecorderUnexpectedError } from "./errors.js";

/** How a start or stop ended. Frozen. */
export interface MetricsRecorderOperationResult {
  /** Which operation it was. */
  readonly opName: "START" | "STOP";
  /** Whether it has done what it was to do. */
  readonly success: boolean;
  /** Why it failed; `undefined` when it succeeded. */
  readonly error: MetricsRecorderError | undefined;
}

/** The most that somebody who awaits an operation waits for it. */
const AWAIT_LIMIT_MS = 5_000;

/** How a native operation ends on this thread: what is left to do, and the error if it failed. */
export type Completion = (failure: NativeFailure | undefined) => MetricsRecorderError | undefined;

/** The start or stop of a recorder while it goes on; shared by all handles on it. */
export class RecorderOperation {
  readonly opName: "START" | "STOP";
  readonly #native: NativeOperation;
  readonly #complete: Completion;
  #completing = false;
  #result: MetricsRecorderOperationResult | undefined;
  #listening = false;
  #observers: OutcomeListener[] = [];
  /** Of those who await it. */
  readonly #resolvers = new Set<(result: MetricsRecorderOperationResult) => void>();

  /** @param complete called once, when the native side is done, before anybody sees the result */
  constructor(opName: "START" | "STOP", native: NativeOperation, complete: Completion) {
    this.opName = opName;
    this.#native = native;
    this.#complete = complete;
  }

  isOn(native: NativeOperation): boolean {
    return this.#native.same(native);
  }

  get ended(): boolean {
    return this.#result !== undefined;
  }

  /** Blocks for at most `limitMs` (0 polls); `undefined`: it goes on. */
  look(limitMs: number): MetricsRecorderOperationResult | undefined {
    if (this.#result !== undefined || this.#completing) return this.#result;
    const failure = this.#native.wait(limitMs);
    if (failure === false) return undefined;
    this.#completing = true;
    this.#result = this.#outcome(this.#complete(failure));
    const observers = this.#observers;
    this.#observers = [];
    for (const tell of observers) tell(this.#result.error);
    return this.#result;
  }

  /**
   * Has it completed on a turn of this thread's loop, should nobody look before.
   *
   * @throws when the system refuses what that needs
   */
  listen(): void {
    if (this.#listening) return;
    whenSettled(this.#native, () => {
      const result = this.look(0);
      if (result !== undefined) for (const resolve of this.#resolvers) resolve(result);
    });
    this.#listening = true;
  }

  /**
   * Tells how it ends: at once, if it has ended; else when anybody on this thread sees the result, or on a
   * turn of the loop, which it does not keep alive. `tell` does not throw.
   */
  observe(tell: OutcomeListener): void {
    if (this.#result !== undefined) {
      tell(this.#result.error);
      return;
    }
    this.#observers.push(tell);
    try {
      this.listen();
    } catch {
      // Then it is told when somebody looks.
    }
  }

  /** The result without blocking. Keeps the process alive, for at most 5 s: then it is a failure. */
  settled(): Promise<MetricsRecorderOperationResult> {
    return new Promise((resolve) => {
      const result = this.look(0);
      if (result !== undefined) return resolve(result);
      const begin = performance.now();
      const end = (ended: MetricsRecorderOperationResult): void => {
        clearTimeout(limit);
        this.#resolvers.delete(end);
        resolve(ended);
      };
      const limit = setTimeout(() => {
        end(this.look(0) ?? this.#outcome(outOfTime(performance.now() - begin)));
      }, AWAIT_LIMIT_MS);
      this.#resolvers.add(end);
      try {
        this.listen();
      } catch (cause) {
        end(this.#outcome(new MetricsRecorderUnexpectedError(cause)));
      }
    });
  }

  #outcome(error: MetricsRecorderError | undefined): MetricsRecorderOperationResult {
    return Object.freeze({ opName: this.opName, success: error === undefined, error });
  }
}

function outOfTime(waitedMs: number): MetricsRecorderUnexpectedError {
  return new MetricsRecorderUnexpectedError(new MetricsRuntimeLoopUnavailableError(waitedMs));
}
