import type { BrokenExposition } from "./broken-expositions.js";
import { encodeFamilies, type ProtobufHistogram } from "./protobuf.js";

const histogram = (what: string, seenBy: string, broken: ProtobufHistogram): BrokenExposition => ({
  what: `protobuf: ${what}`,
  seenBy,
  format: "protobuf",
  body: encodeFamilies([
    { name: "a", help: "H.", type: "histogram", metrics: [{ histogram: broken }] },
  ]),
});

const NATIVE = { schema: 0, zeroThreshold: 0, zeroCount: 0 };

/**
 * Not among them: spans that are shorter than their buckets, which end Prometheus 2.42 with a panic, and a schema
 * above 8, which it takes and then fails each query of.
 */
export const BROKEN_PROTOBUF: readonly BrokenExposition[] = [
  {
    what: "protobuf: cut short",
    seenBy: "prometheus pushgateway",
    format: "protobuf",
    body: encodeFamilies([{ name: "a", help: "H.", type: "gauge", metrics: [{ value: 1 }] }]).slice(
      0,
      -3,
    ),
  },
  {
    what: "protobuf: a series twice, other values",
    seenBy: "prometheus pushgateway",
    format: "protobuf",
    body: encodeFamilies([
      { name: "a", help: "H.", type: "gauge", metrics: [{ value: 1 }, { value: 2 }] },
    ]),
  },
  {
    what: "protobuf: a series twice, same value",
    seenBy: "prometheus pushgateway",
    format: "protobuf",
    body: encodeFamilies([
      { name: "a", help: "H.", type: "gauge", metrics: [{ value: 1 }, { value: 1 }] },
    ]),
  },
  {
    what: "protobuf: a family twice",
    seenBy: "",
    format: "protobuf",
    body: encodeFamilies([
      { name: "a", help: "H.", type: "gauge", metrics: [{ labels: { x: "1" }, value: 1 }] },
      { name: "a", help: "H.", type: "counter", metrics: [{ labels: { x: "2" }, value: 1 }] },
    ]),
  },
  {
    what: "protobuf: a name that is illegal",
    seenBy: "prometheus pushgateway",
    format: "protobuf",
    body: encodeFamilies([{ name: "a-b", help: "H.", type: "gauge", metrics: [{ value: 1 }] }]),
  },
  {
    what: "protobuf: a label name that is illegal",
    seenBy: "prometheus pushgateway",
    format: "protobuf",
    body: encodeFamilies([
      { name: "a", help: "H.", type: "gauge", metrics: [{ labels: { "x-y": "1" }, value: 1 }] },
    ]),
  },
  {
    what: "protobuf: a gauge that says it is a histogram",
    seenBy: "pushgateway",
    format: "protobuf",
    body: encodeFamilies([{ name: "a", help: "H.", type: "histogram", metrics: [{ value: 1 }] }]),
  },
  {
    what: "protobuf: a family without series",
    seenBy: "",
    format: "protobuf",
    body: encodeFamilies([{ name: "a", help: "H.", type: "gauge", metrics: [] }]),
  },
  histogram("buckets that decrease", "pushgateway", {
    count: 3,
    sum: 1,
    buckets: [
      [1, 3],
      [2, 2],
      [Number.POSITIVE_INFINITY, 3],
    ],
  }),
  histogram("buckets out of order", "pushgateway", {
    count: 3,
    sum: 1,
    buckets: [
      [2, 2],
      [1, 2],
      [Number.POSITIVE_INFINITY, 3],
    ],
  }),
  histogram("native buckets that are more than the count", "prometheus", {
    count: 3,
    sum: 1,
    native: { ...NATIVE, positive: { spans: [[0, 2]], counts: [3, 1] } },
  }),
  histogram("native buckets that are fewer than the count", "", {
    count: 5,
    sum: 1,
    native: { ...NATIVE, positive: { spans: [[0, 2]], counts: [3, 1] } },
  }),
  histogram("a native bucket that is negative", "prometheus", {
    count: 3,
    sum: 1,
    native: { ...NATIVE, positive: { spans: [[0, 2]], counts: [4, -1] } },
  }),
  histogram("a span that is longer than its buckets", "prometheus", {
    count: 4,
    sum: 1,
    native: { ...NATIVE, positive: { spans: [[0, 3]], counts: [3, 1] } },
  }),
  histogram("a schema below -4", "", {
    count: 4,
    sum: 1,
    native: { ...NATIVE, schema: -5, positive: { spans: [[0, 2]], counts: [3, 1] } },
  }),
  histogram("a gap that is negative", "prometheus", {
    count: 4,
    sum: 1,
    native: {
      ...NATIVE,
      positive: {
        spans: [
          [0, 1],
          [-1, 1],
        ],
        counts: [3, 1],
      },
    },
  }),
  histogram("a zero bucket below zero", "", {
    count: 4,
    sum: 1,
    native: { ...NATIVE, zeroThreshold: -1, positive: { spans: [[0, 2]], counts: [3, 1] } },
  }),
];
