/**
 * Counters and gauges of prom-client and of @prometheus-io/client. Each of the two loads a copy of this
 * module of its own (`?peer=`), so that the engine compiles the loops for the one or the other, never
 * for both.
 */
import {
  forEachTarget,
  HELD_LABELS,
  SET_METHODS,
  SET_ROUTES,
  SETS,
  VALUE_MASK,
  VALUES,
} from "../inputs.js";
import { OPERATIONS } from "../operations.js";
import { type Row, row } from "../row.js";
import type { PrometheusModule } from "./prometheus-api.js";

const help = "bench";
const TWO = ["method", "status"];
const FIVE = ["method", "status", "route", "region", "tenant"];

export function counterRows(client: PrometheusModule, subject: string): Row[] {
  return [...heldRows(client, subject), ...literalRows(client, subject)];
}

function heldRows({ Counter, Gauge, Registry }: PrometheusModule, subject: string): Row[] {
  const registers = [new Registry()];
  const many = (name: string) => {
    const counter = new Counter({ name, help, labelNames: TWO, registers });
    return HELD_LABELS.map(({ method, status }) => counter.labels({ method, status }));
  };
  const bare = forEachTarget((_, i) => new Counter({ name: `requests_${i}`, help, registers }));
  const counters = forEachTarget(({ method, status }, i) =>
    new Counter({ name: `requests_held_${i}`, help, labelNames: TWO, registers }).labels({
      method,
      status,
    }),
  );
  const gauges = forEachTarget(({ method, status }, i) =>
    new Gauge({ name: `in_use_${i}`, help, labelNames: TWO, registers }).labels({ method, status }),
  );
  return [
    row(OPERATIONS.counter, subject, bare, (counter, operations) => {
      for (let i = 0; i < operations; i++) counter.inc();
      return operations;
    }),
    row(OPERATIONS.counterHeld, subject, counters, (child, operations) => {
      for (let i = 0; i < operations; i++) child.inc();
      return operations;
    }),
    row(
      OPERATIONS.counterHeld64,
      subject,
      [many("requests_of_64"), many("answers_of_64")],
      (children, operations) => {
        for (let i = 0; i < operations; i++) (children[i & 63] as (typeof children)[number]).inc();
        return operations;
      },
    ),
    row(OPERATIONS.upDownHeld, subject, gauges, (child, operations) => {
      for (let i = 0; i < operations; i++) child.inc((i & 1) === 0 ? 1 : -1);
      return operations;
    }),
    row(OPERATIONS.gaugeHeld, subject, gauges, (child, operations) => {
      for (let i = 0; i < operations; i++) child.set(VALUES[i & VALUE_MASK] as number);
      return operations;
    }),
  ];
}

function literalRows({ Counter, Registry }: PrometheusModule, subject: string): Row[] {
  const registers = [new Registry()];
  const targets = forEachTarget((labels, i) => ({
    ...labels,
    two: new Counter({ name: `requests_by_2_${i}`, help, labelNames: TWO, registers }),
    five: new Counter({ name: `requests_by_5_${i}`, help, labelNames: FIVE, registers }),
    sets: new Counter({
      name: `requests_by_route_${i}`,
      help,
      labelNames: ["method", "route"],
      registers,
    }),
  }));
  return [
    row(OPERATIONS.counterLiteral2, subject, targets, ({ two, method, status }, operations) => {
      for (let i = 0; i < operations; i++) two.inc({ method, status });
      return operations;
    }),
    row(
      OPERATIONS.counterLiteral5,
      subject,
      targets,
      ({ five, method, status, route, region, tenant }, operations) => {
        for (let i = 0; i < operations; i++) five.inc({ method, status, route, region, tenant });
        return operations;
      },
    ),
    row(OPERATIONS.counterLiteral320, subject, targets, ({ sets }, operations) => {
      for (let i = 0, set = 0; i < operations; i++) {
        sets.inc({ method: SET_METHODS[set] as string, route: SET_ROUTES[set] as string });
        set = set === SETS - 1 ? 0 : set + 1;
      }
      return operations;
    }),
  ];
}
