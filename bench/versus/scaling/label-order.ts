/** Three labels for any number of series, and a random order over them: the same for every subject. */
const METHODS = 10;
const ROUTES = 100;
/** So long at least that no branch predictor learns it by heart. */
const LEAST_STEPS = 2 ** 16;

export interface LabelOrder {
  readonly methods: readonly string[];
  readonly routes: readonly string[];
  readonly shards: readonly string[];
  /** For each step where its method, its route and its shard are. */
  readonly method: Uint16Array;
  readonly route: Uint16Array;
  readonly shard: Uint16Array;
  /** For each step which series that is: 0 … series - 1. */
  readonly slot: Uint32Array;
  /** Comes to each series as often as to any other. */
  readonly steps: number;
}

export function labelOrder(series: number): LabelOrder {
  const names = (name: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `${name}-${String(index).padStart(4, "0")}`);
  const slot = randomOrder(series);
  const steps = slot.length;
  const method = new Uint16Array(steps);
  const route = new Uint16Array(steps);
  const shard = new Uint16Array(steps);
  for (let step = 0; step < steps; step++) {
    const index = slot[step] as number;
    method[step] = index % METHODS;
    route[step] = Math.floor(index / METHODS) % ROUTES;
    shard[step] = Math.floor(index / (METHODS * ROUTES));
  }
  return {
    methods: names("method", METHODS),
    routes: names("route", ROUTES),
    shards: names("shard", Math.ceil(series / (METHODS * ROUTES))),
    method,
    route,
    shard,
    slot,
    steps,
  };
}

/** As many permutations, one after the other, as it takes. */
function randomOrder(series: number): Uint32Array {
  const rounds = Math.ceil(LEAST_STEPS / series);
  const order = new Uint32Array(rounds * series);
  const random = randomNumbers();
  for (let round = 0; round < rounds; round++) {
    const permutation = order.subarray(round * series, (round + 1) * series);
    for (let index = 0; index < series; index++) permutation[index] = index;
    for (let index = series - 1; index > 0; index--) {
      const other = Math.floor(random() * (index + 1));
      const kept = permutation[index] as number;
      permutation[index] = permutation[other] as number;
      permutation[other] = kept;
    }
  }
  return order;
}

/** 0 … 1, the same in every run: xorshift of 32 bits. */
function randomNumbers(): () => number {
  let state = 2_463_534_242;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
