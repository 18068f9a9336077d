/** How much load, for how long, on whom: fixed, so that runs can be compared. */
import { OURS, type Peer } from "../operations.js";

/** The package that makes the load. */
export const GENERATOR = "loadtest";
/** With it the service is busy for a third to a half of a core of the machine in bench/README.md. */
export const REQUESTS_PER_SECOND = 2_000;
export const WARM_UP_SECONDS = 3;
export const WINDOW_SECONDS = 8;
/** Each asks every subject once. */
export const HTTP_ROUNDS = 3;
/** After that a child process ends itself, whatever it waits for. */
export const CHILD_LIMIT_MS = 60_000;

export const NO_METRICS = "no metrics";
export const OUR_INSTRUMENTS = `${OURS}, instruments`;
export const OUR_EVENTS = `${OURS}, events`;
export const OUR_WAYS: readonly string[] = [OUR_INSTRUMENTS, OUR_EVENTS];

/** perf_hooks has no labels. */
const PEERS_WITH_LABELS: readonly Peer[] = [
  "prom-client",
  "prometheus-io",
  "opentelemetry",
  "hot-shots",
];

/** In the order of the report. */
export function httpSubjects(peers: readonly Peer[]): readonly string[] {
  return [NO_METRICS, ...OUR_WAYS, ...PEERS_WITH_LABELS.filter((peer) => peers.includes(peer))];
}

/** The subjects in the order of a round: each round begins at another third, so that nobody has one place. */
export function inRotation(subjects: readonly string[], round: number): readonly string[] {
  const first = Math.floor((round * subjects.length) / HTTP_ROUNDS);
  return [...subjects.slice(first), ...subjects.slice(0, first)];
}
