/** The names of what is measured: operations, floors, peers, sections. No peer is needed to know them. */

export const SECTIONS = [
  "cost",
  "allocation",
  "memory",
  "cpu",
  "http",
  "scaling",
  "exposition",
] as const;
export type Section = (typeof SECTIONS)[number];

/** By the name that `--peers` takes: the package, and `undefined` where Node.js itself is the peer. */
export const PEERS = {
  "prom-client": "prom-client",
  "prometheus-io": "@prometheus-io/client",
  opentelemetry: "@opentelemetry/sdk-metrics",
  "hot-shots": "hot-shots",
  perf_hooks: undefined,
} as const;
export type Peer = keyof typeof PEERS;
export const PEER_NAMES = Object.keys(PEERS) as Peer[];

export const OURS = "metrics-runtime";
export const FLOOR = "floor";

export const FLOORS = {
  empty: "empty loop",
  slot: "f64[k] += 1, one slot",
  slots64: "f64[k] += 1, 64 slots in rotation",
  slots320: "f64[k] += 1, 320 slots in rotation",
  store: "f64[k] = value, one slot",
  values: "f64[k] += value, one slot",
  clock: "performance.now() twice",
  ringDrained: "raw ring write, drained",
  ringUnread: "raw ring write, nobody reads",
  nativeCall: "empty N-API call",
} as const;
export type Floor = (typeof FLOORS)[keyof typeof FLOORS];

export const OPERATIONS = {
  counter: "counter, no labels",
  counterHeld: "counter, held series of 2 labels, one",
  counterHeld64: "counter, held series of 2 labels, 64 in rotation",
  counterLiteral2: "counter, literal of 2 labels",
  counterLiteral5: "counter, literal of 5 labels",
  counterLiteral320: "counter, literal of 2 labels, 320 sets in rotation",
  upDownHeld: "up-down counter, held series of 2 labels",
  gaugeHeld: "gauge set, held series of 2 labels",
  gaugeHeldSum: 'gauge set, held series of 2 labels, combine "sum"',
  histogram: "histogram of 11 buckets, no labels",
  histogramHeld: "histogram of 11 buckets, held series of 2 labels",
  histogramLiteral2: "histogram of 11 buckets, literal of 2 labels",
  exponentialHeld: "exponential histogram, held series of 2 labels",
  timer: "timer, start and stop, held series of 2 labels",
  emitter: "event emitter, 2 fields",
  registerEvent: "registerEvent, 2 fields",
} as const;
export type Operation = (typeof OPERATIONS)[keyof typeof OPERATIONS];
export const OPERATION_NAMES: readonly Operation[] = Object.values(OPERATIONS);

/** What the machine asks for the same pattern of access, whoever does it. */
export const FLOOR_OF: Readonly<Record<Operation, Floor>> = {
  [OPERATIONS.counter]: FLOORS.slot,
  [OPERATIONS.counterHeld]: FLOORS.slot,
  [OPERATIONS.counterHeld64]: FLOORS.slots64,
  [OPERATIONS.counterLiteral2]: FLOORS.slot,
  [OPERATIONS.counterLiteral5]: FLOORS.slot,
  [OPERATIONS.counterLiteral320]: FLOORS.slots320,
  [OPERATIONS.upDownHeld]: FLOORS.slot,
  [OPERATIONS.gaugeHeld]: FLOORS.store,
  [OPERATIONS.gaugeHeldSum]: FLOORS.store,
  [OPERATIONS.histogram]: FLOORS.values,
  [OPERATIONS.histogramHeld]: FLOORS.values,
  [OPERATIONS.histogramLiteral2]: FLOORS.values,
  [OPERATIONS.exponentialHeld]: FLOORS.values,
  [OPERATIONS.timer]: FLOORS.clock,
  [OPERATIONS.emitter]: FLOORS.ringDrained,
  [OPERATIONS.registerEvent]: FLOORS.ringDrained,
};
