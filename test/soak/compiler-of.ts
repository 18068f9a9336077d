/** The bits of `%GetOptimizationStatus` as V8's `runtime.h` has them; from V8 14 on each is one lower. */
const BITS = { MAGLEV: 5, TURBOFAN: 6, INTERPRETER: 7, SPARKPLUG: 15 };
const LOWER = Number.parseInt(process.versions.v8, 10) >= 14 ? 1 : 0;

/** Whose code runs when `call` is called; `unknown` without `--allow-natives-syntax`. */
export function compilerOf(call: unknown): string {
  try {
    const status = new Function("call", "return %GetOptimizationStatus(call)")(call) as number;
    const set = Object.entries(BITS).filter(([, bit]) => ((status >> (bit - LOWER)) & 1) === 1);
    return set.map(([name]) => name).join("+") || `status ${status}`;
  } catch {
    return "unknown";
  }
}
