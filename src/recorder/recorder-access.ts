import type { NativeRecorder, NativeResult } from "../native/boundary.js";
import type { EventQueue } from "./event-queue.js";

/** What the parts of a recorder share on one thread. */
export interface RecorderAccess {
  readonly native: NativeRecorder;
  readonly queue: EventQueue;
  /** @throws MetricsRecorderInvalidStateError unless STARTING or RUNNING */
  readonly expectOpen: () => void;
  /** The value; or throws what the failure means. */
  readonly valueOf: <Value>(result: NativeResult<Value>) => Value;
}
