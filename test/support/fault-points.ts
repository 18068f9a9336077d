/**
 * Tells the addon of the build with fault points to fail as a system fails; see
 * `native/core/fault_points.h`. Whatever a test arms is disarmed when it ends.
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { onTestFinished } from "vitest";

interface NativeFaultPoints {
  failAt(point: number, passes: number, times: number): void;
  holdAt(point: number, spanMs: number): void;
  refuseMemoryAfter(granted: number): void;
  grantMemory(): number;
}

/** In the order of the native `FaultPoint`. */
const POINTS = ["thread", "loop", "readiness", "turn", "dispatch"] as const;
export type FaultPoint = (typeof POINTS)[number];

const require = createRequire(import.meta.url);
/** The file that the library loads too: in one environment, one instance. */
const file = join(process.env.METRICS_RUNTIME_PREBUILD ?? "", "build/Release/metrics_runtime.node");
const { faultPoints: native } = require(file) as { faultPoints: NativeFaultPoints };

/** The next `times` passes of the point fail, after `passes` that do not. */
export function failAt(point: FaultPoint, { passes = 0, times = 1 } = {}): void {
  onTestFinished(() => native.failAt(POINTS.indexOf(point), 0, 0));
  native.failAt(POINTS.indexOf(point), passes, times);
}

/** Until `spanMs` from now, the runtime thread stays where it comes to the point. 0: it goes on. */
export function holdAt(point: "readiness" | "turn", spanMs: number): void {
  onTestFinished(() => native.holdAt(POINTS.indexOf(point), 0));
  native.holdAt(POINTS.indexOf(point), spanMs);
}

/**
 * Runs `act` while the addon gets memory `granted` times more and no further.
 *
 * @returns what `act` returned or threw, and how often memory was refused to it
 */
export function withScarceMemory<Result>(
  granted: number,
  act: () => Result,
): { readonly result?: Result; readonly thrown?: unknown; readonly refusals: number } {
  native.refuseMemoryAfter(granted);
  try {
    const result = act();
    return { result, refusals: native.grantMemory() };
  } catch (thrown) {
    return { thrown, refusals: native.grantMemory() };
  }
}
