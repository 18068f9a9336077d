/** Our counters. */
import type { MetricsRecorder } from "metrics-runtime";
import { forEachTarget, HELD_LABELS, SET_METHODS, SET_ROUTES, SETS } from "./inputs.js";
import { OPERATIONS, OURS } from "./operations.js";
import { type Row, row } from "./row.js";

const help = "bench";
const TWO = ["method", "status"] as const;
const FIVE = ["method", "status", "route", "region", "tenant"] as const;

export function counterRows(recorder: MetricsRecorder): Row[] {
  return [...withoutLabels(recorder), ...held(recorder), ...literals(recorder), upDown(recorder)];
}

function withoutLabels(recorder: MetricsRecorder): Row[] {
  const bare = (name: string) => recorder.counter(name, { help });
  return [
    row(
      OPERATIONS.counter,
      OURS,
      [bare("requests"), bare("answers"), bare("bytes")],
      (counter, operations) => {
        let sum = 0;
        for (let i = 0; i < operations; i++) sum += counter.add() ? 1 : 0;
        return sum;
      },
    ),
  ];
}

function held(recorder: MetricsRecorder): Row[] {
  const targets = forEachTarget(({ method, status }, index) =>
    recorder.counter(`requests_held_${index}`, { help, labels: TWO }).labels({ method, status }),
  );
  const many = (name: string) => {
    const counter = recorder.counter(name, { help, labels: TWO });
    return HELD_LABELS.map((labels) => counter.labels(labels));
  };
  return [
    row(OPERATIONS.counterHeld, OURS, targets, (series, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) sum += series.add() ? 1 : 0;
      return sum;
    }),
    row(
      OPERATIONS.counterHeld64,
      OURS,
      [many("requests_of_64"), many("answers_of_64")],
      (series, operations) => {
        let sum = 0;
        for (let i = 0; i < operations; i++) {
          sum += (series[i & 63] as (typeof series)[number]).add() ? 1 : 0;
        }
        return sum;
      },
    ),
  ];
}

function literals(recorder: MetricsRecorder): Row[] {
  const targets = forEachTarget((labels, index) => ({
    ...labels,
    two: recorder.counter(`requests_by_2_${index}`, { help, labels: TWO }),
    five: recorder.counter(`requests_by_5_${index}`, { help, labels: FIVE }),
    sets: recorder.counter(`requests_by_route_${index}`, { help, labels: ["method", "route"] }),
  }));
  return [
    row(OPERATIONS.counterLiteral2, OURS, targets, ({ two, method, status }, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) sum += two.add(1, { method, status }) ? 1 : 0;
      return sum;
    }),
    row(
      OPERATIONS.counterLiteral5,
      OURS,
      targets,
      ({ five, method, status, route, region, tenant }, operations) => {
        let sum = 0;
        for (let i = 0; i < operations; i++) {
          sum += five.add(1, { method, status, route, region, tenant }) ? 1 : 0;
        }
        return sum;
      },
    ),
    row(OPERATIONS.counterLiteral320, OURS, targets, ({ sets }, operations) => {
      let sum = 0;
      for (let i = 0, set = 0; i < operations; i++) {
        const method = SET_METHODS[set] as string;
        const route = SET_ROUTES[set] as string;
        sum += sets.add(1, { method, route }) ? 1 : 0;
        set = set === SETS - 1 ? 0 : set + 1;
      }
      return sum;
    }),
  ];
}

function upDown(recorder: MetricsRecorder): Row {
  const targets = forEachTarget(({ method, status }, index) =>
    recorder.upDownCounter(`open_${index}`, { help, labels: TWO }).labels({ method, status }),
  );
  return row(OPERATIONS.upDownHeld, OURS, targets, (series, operations) => {
    let sum = 0;
    for (let i = 0; i < operations; i++) sum += series.add((i & 1) === 0 ? 1 : -1) ? 1 : 0;
    return sum;
  });
}
