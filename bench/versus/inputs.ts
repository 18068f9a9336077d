/** Labels and values: the same for every subject. */

export const METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH"] as const;
export const STATUSES = ["200", "201", "404", "500"] as const;
export const ROUTES = Array.from({ length: 64 }, (_, index) => `/documents/${index}/versions`);

export interface TwoLabels {
  readonly method: string;
  readonly status: string;
}

export interface FiveLabels extends TwoLabels {
  readonly route: string;
  readonly region: string;
  readonly tenant: string;
}

/** For loops that need several to be compiled for any; the first is the one that is measured. */
const TARGETS: readonly [FiveLabels, FiveLabels, FiveLabels] = [
  { method: "GET", status: "200", route: "/documents", region: "eu-west", tenant: "acme" },
  { method: "PUT", status: "201", route: "/versions", region: "eu-east", tenant: "initech" },
  { method: "DELETE", status: "404", route: "/search", region: "us-west", tenant: "umbrella" },
];

/** Something of each of the targets. */
export function forEachTarget<Target>(
  make: (labels: FiveLabels, index: number) => Target,
): readonly [Target, Target, Target] {
  const [first, second, third] = TARGETS;
  return [make(first, 0), make(second, 1), make(third, 2)];
}

/** 64 different ones. */
export const HELD_LABELS: readonly TwoLabels[] = ROUTES.map((_, index) => ({
  method: METHODS[index % METHODS.length] ?? "",
  status: String(200 + index),
}));

/** 320 different ones, as two arrays: the loops make the literal. */
export const SETS = 320;
export const SET_METHODS = Array.from(
  { length: SETS },
  (_, index) => METHODS[index % METHODS.length] ?? "",
);
export const SET_ROUTES = Array.from(
  { length: SETS },
  (_, index) => ROUTES[index % ROUTES.length] ?? "",
);

/** Seconds: 11 bounds, so 12 buckets with the last. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
export const VALUE_MASK = 4_095;

/** In no order that a processor could predict, each bucket as often as any other; the same in every run. */
export const VALUES = makeValues(VALUE_MASK + 1);
/** The same in whole microseconds. */
export const WHOLE_VALUES = VALUES.map((value) => Math.ceil(value * 1e6));

function makeValues(length: number): Float64Array {
  let state = 11;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return Float64Array.from({ length }, () => {
    const bucket = Math.floor(random() * (BUCKETS.length + 1));
    const above = BUCKETS[bucket - 1] ?? 0.001;
    const upTo = BUCKETS[bucket] ?? 20;
    return upTo - random() * (upTo - above) * 0.999;
  });
}
