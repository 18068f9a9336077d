/** Opens what a run compares: floors, this package, and each peer that loads here. */
import { openFloors } from "./floors.js";
import { FLOOR_OF, FLOORS, OPERATION_NAMES, PEERS, type Peer } from "./operations.js";
import type { Options } from "./options.js";
import { openOurs } from "./ours.js";
import { openHotShots } from "./peers/hot-shots.js";
import { openOpenTelemetry } from "./peers/opentelemetry.js";
import { openPerfHooks } from "./peers/perf-hooks.js";
import { openPrometheus } from "./peers/prometheus.js";
import type { Row, Subject } from "./row.js";

export interface Subjects {
  /** All there are, chosen or not: to warm up with. */
  readonly all: readonly Row[];
  /** The chosen ones; those of one operation are neighbours, its floor before them. */
  readonly rows: readonly Row[];
  readonly skipped: readonly string[];
  /** What the queue of our events saw. */
  readonly offeredAndDropped: () => string;
  readonly settle: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const OPEN: Readonly<Record<Peer, () => Subject | Promise<Subject>>> = {
  "prom-client": () => openPrometheus("prom-client", PEERS["prom-client"]),
  "prometheus-io": () => openPrometheus("prometheus-io", PEERS["prometheus-io"]),
  opentelemetry: openOpenTelemetry,
  "hot-shots": openHotShots,
  perf_hooks: openPerfHooks,
};

export async function openSubjects({
  peers,
  operations,
}: Pick<Options, "peers" | "operations">): Promise<Subjects> {
  const ours = openOurs();
  const opened: Subject[] = [openFloors(), ours];
  const skipped: string[] = [];
  for (const peer of peers) {
    try {
      opened.push(await OPEN[peer]());
    } catch (error) {
      skipped.push(whyNot(peer, error));
    }
  }
  const all = opened.flatMap((subject) => subject.rows);
  return {
    all,
    rows: inOrder(operations).flatMap((name) => all.filter((row) => row.operation === name)),
    skipped: [...skipped, ...opened.flatMap((subject) => subject.skipped)],
    offeredAndDropped: ours.offeredAndDropped,
    settle: async () => {
      for (const subject of opened) await subject.settle?.();
    },
    close: async () => {
      for (const subject of opened) await subject.close();
    },
  };
}

/** The line about a peer that cannot be measured. */
export function whyNot(peer: Peer, error: unknown): string {
  return `${peer}: skipped, it does not load here (${reasonOf(error)})`;
}

/** The first line of what an error says. */
export function reasonOf(error: unknown): string {
  const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
  return reason;
}

/** The chosen operations, each after its floor; a floor stands where it is first needed. */
function inOrder(operations: Options["operations"]): readonly string[] {
  const names = new Set<string>([FLOORS.empty]);
  for (const operation of operations) {
    names.add(FLOOR_OF[operation]);
    names.add(operation);
  }
  if (operations.length === OPERATION_NAMES.length) {
    for (const floor of Object.values(FLOORS)) names.add(floor);
  }
  return [...names];
}
