/**
 * hot-shots holds tags in a child client. It sends what others add up; with aggregation it adds up
 * counts and gauges itself, and sends those every 2 s. Each of the two ways loads a copy of this module
 * of its own, so that the engine compiles the loops for the one or the other.
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
import type { StatsD } from "./hot-shots-api.js";

/** What is aggregated where that is asked for. */
export function counterRows(client: StatsD, subject: string): Row[] {
  const clients = forEachTarget((labels, i) => ({ ...labels, client, name: `requests_${i}` }));
  const children = forEachTarget(({ method, status }, i) => ({
    child: client.childClient({ globalTags: { method, status } }),
    name: `requests_held_${i}`,
  }));
  const many = forEachTarget((_, i) => ({
    children: HELD_LABELS.map((labels) => client.childClient({ globalTags: { ...labels } })),
    name: `requests_of_64_${i}`,
  }));
  return [
    row(OPERATIONS.counter, subject, clients, ({ client, name }, operations) => {
      for (let i = 0; i < operations; i++) client.increment(name);
      return operations;
    }),
    row(OPERATIONS.counterHeld, subject, children, ({ child, name }, operations) => {
      for (let i = 0; i < operations; i++) child.increment(name);
      return operations;
    }),
    row(OPERATIONS.counterHeld64, subject, many, ({ children, name }, operations) => {
      for (let i = 0; i < operations; i++) (children[i & 63] as StatsD).increment(name);
      return operations;
    }),
    row(
      OPERATIONS.counterLiteral2,
      subject,
      clients,
      ({ client, name, method, status }, operations) => {
        for (let i = 0; i < operations; i++) client.increment(name, 1, { method, status });
        return operations;
      },
    ),
    row(
      OPERATIONS.counterLiteral5,
      subject,
      clients,
      ({ client, name, method, status, route, region, tenant }, operations) => {
        for (let i = 0; i < operations; i++) {
          client.increment(name, 1, { method, status, route, region, tenant });
        }
        return operations;
      },
    ),
    row(OPERATIONS.counterLiteral320, subject, clients, ({ client, name }, operations) => {
      for (let i = 0, set = 0; i < operations; i++) {
        const method = SET_METHODS[set] as string;
        client.increment(name, 1, { method, route: SET_ROUTES[set] as string });
        set = set === SETS - 1 ? 0 : set + 1;
      }
      return operations;
    }),
    row(OPERATIONS.upDownHeld, subject, children, ({ child, name }, operations) => {
      for (let i = 0; i < operations; i++) child.increment(name, (i & 1) === 0 ? 1 : -1);
      return operations;
    }),
    row(OPERATIONS.gaugeHeld, subject, children, ({ child, name }, operations) => {
      for (let i = 0; i < operations; i++) child.gauge(name, VALUES[i & VALUE_MASK] as number);
      return operations;
    }),
  ];
}

/** What is never aggregated. */
export function histogramRows(client: StatsD, subject: string): Row[] {
  const clients = forEachTarget((labels, i) => ({ ...labels, client, name: `seconds_${i}` }));
  const children = forEachTarget(({ method, status }, i) => {
    const child = client.childClient({ globalTags: { method, status } });
    const name = `seconds_held_${i}`;
    return { child, name, timed: child.timer(() => {}, name) };
  });
  return [
    row(OPERATIONS.histogram, subject, clients, ({ client, name }, operations) => {
      for (let i = 0; i < operations; i++) client.histogram(name, VALUES[i & VALUE_MASK] as number);
      return operations;
    }),
    row(OPERATIONS.histogramHeld, subject, children, ({ child, name }, operations) => {
      for (let i = 0; i < operations; i++) child.histogram(name, VALUES[i & VALUE_MASK] as number);
      return operations;
    }),
    row(
      OPERATIONS.histogramLiteral2,
      subject,
      clients,
      ({ client, name, method, status }, operations) => {
        for (let i = 0; i < operations; i++) {
          client.histogram(name, VALUES[i & VALUE_MASK] as number, { method, status });
        }
        return operations;
      },
    ),
    row(OPERATIONS.timer, subject, children, ({ timed }, operations) => {
      for (let i = 0; i < operations; i++) timed();
      return operations;
    }),
  ];
}
