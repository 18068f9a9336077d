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
import type { Meter } from "./opentelemetry-api.js";

const SUBJECT = "opentelemetry";

export function counterRows(meter: Meter): Row[] {
  return [...keptRows(meter), ...literalRows(meter)];
}

function keptRows(meter: Meter): Row[] {
  const bare = forEachTarget((_, i) => meter.createCounter(`requests_${i}`));
  const kept = forEachTarget(({ method, status }, i) => ({
    counter: meter.createCounter(`requests_kept_${i}`),
    upDown: meter.createUpDownCounter(`open_kept_${i}`),
    gauge: meter.createGauge(`in_use_kept_${i}`),
    labels: { method, status },
  }));
  const many = forEachTarget((_, i) => ({
    counter: meter.createCounter(`requests_of_64_${i}`),
    kept: HELD_LABELS.map((labels) => ({ ...labels })),
  }));
  return [
    row(OPERATIONS.counter, SUBJECT, bare, (counter, operations) => {
      for (let i = 0; i < operations; i++) counter.add(1);
      return operations;
    }),
    row(OPERATIONS.counterHeld, SUBJECT, kept, ({ counter, labels }, operations) => {
      for (let i = 0; i < operations; i++) counter.add(1, labels);
      return operations;
    }),
    row(OPERATIONS.counterHeld64, SUBJECT, many, ({ counter, kept }, operations) => {
      for (let i = 0; i < operations; i++) counter.add(1, kept[i & 63]);
      return operations;
    }),
    row(OPERATIONS.upDownHeld, SUBJECT, kept, ({ upDown, labels }, operations) => {
      for (let i = 0; i < operations; i++) upDown.add((i & 1) === 0 ? 1 : -1, labels);
      return operations;
    }),
    row(OPERATIONS.gaugeHeld, SUBJECT, kept, ({ gauge, labels }, operations) => {
      for (let i = 0; i < operations; i++) gauge.record(VALUES[i & VALUE_MASK] as number, labels);
      return operations;
    }),
  ];
}

function literalRows(meter: Meter): Row[] {
  const targets = forEachTarget((labels, i) => ({
    ...labels,
    two: meter.createCounter(`requests_by_2_${i}`),
    five: meter.createCounter(`requests_by_5_${i}`),
    sets: meter.createCounter(`requests_by_route_${i}`),
  }));
  return [
    row(OPERATIONS.counterLiteral2, SUBJECT, targets, ({ two, method, status }, operations) => {
      for (let i = 0; i < operations; i++) two.add(1, { method, status });
      return operations;
    }),
    row(
      OPERATIONS.counterLiteral5,
      SUBJECT,
      targets,
      ({ five, method, status, route, region, tenant }, operations) => {
        for (let i = 0; i < operations; i++) five.add(1, { method, status, route, region, tenant });
        return operations;
      },
    ),
    row(OPERATIONS.counterLiteral320, SUBJECT, targets, ({ sets }, operations) => {
      for (let i = 0, set = 0; i < operations; i++) {
        sets.add(1, { method: SET_METHODS[set] as string, route: SET_ROUTES[set] as string });
        set = set === SETS - 1 ? 0 : set + 1;
      }
      return operations;
    }),
  ];
}
