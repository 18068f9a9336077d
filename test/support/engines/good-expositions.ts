import type { Exposition } from "./exposition-server.js";
import { encodeFamilies } from "./protobuf.js";

/** A sample as an engine should have it: its name and labels as a selector, and its value. */
export type ExpectedSample = readonly [series: string, value: number];

export interface GoodExposition {
  readonly exposition: Exposition;
  readonly samples: readonly ExpectedSample[];
  /** By the name that the target's metadata has. */
  readonly metadata: readonly (readonly [name: string, type: string, help: string, unit: string])[];
}

const TEXT: GoodExposition = {
  exposition: {
    format: "prometheus",
    body: String.raw`# HELP requests_total Requests, by route: a\\b\nand a "quote".
# TYPE requests_total counter
requests_total{route="/"} 1027
requests_total{route="a\\b\"c\nd"} 9007199254740991
requests_total{route="äöü – 漢字 🦊"} 0.1
# HELP heap_bytes Heap.
# TYPE heap_bytes gauge
heap_bytes 5e-324
heap_bytes{of="large"} 1.7976931348623157e+308
heap_bytes{of="negative"} -1.5
heap_bytes{of="infinite"} +Inf
heap_bytes{of="negative infinite"} -Inf
heap_bytes{of="none"} NaN
# HELP latency_seconds Time.
# TYPE latency_seconds histogram
latency_seconds_bucket{le="0.1"} 1
latency_seconds_bucket{le="+Inf"} 3
latency_seconds_sum 4.25
latency_seconds_count 3
# HELP wait_seconds Waiting.
# TYPE wait_seconds summary
wait_seconds{quantile="0.5"} 0.25
wait_seconds{quantile="0.99"} NaN
wait_seconds_sum 10
wait_seconds_count 4
`,
  },
  samples: [
    ['requests_total{route="/"}', 1027],
    ['requests_total{route="a\\\\b\\"c\\nd"}', 9007199254740991],
    ['requests_total{route="äöü – 漢字 🦊"}', 0.1],
    ["heap_bytes{}", 5e-324],
    ['heap_bytes{of="large"}', Number.MAX_VALUE],
    ['heap_bytes{of="negative"}', -1.5],
    ['heap_bytes{of="infinite"}', Number.POSITIVE_INFINITY],
    ['heap_bytes{of="negative infinite"}', Number.NEGATIVE_INFINITY],
    ['heap_bytes{of="none"}', Number.NaN],
    ['latency_seconds_bucket{le="0.1"}', 1],
    ['latency_seconds_bucket{le="+Inf"}', 3],
    ["latency_seconds_sum{}", 4.25],
    ["latency_seconds_count{}", 3],
    ['wait_seconds{quantile="0.5"}', 0.25],
    ['wait_seconds{quantile="0.99"}', Number.NaN],
    ["wait_seconds_sum{}", 10],
    ["wait_seconds_count{}", 4],
  ],
  metadata: [
    ["requests_total", "counter", 'Requests, by route: a\\b\nand a "quote".', ""],
    ["heap_bytes", "gauge", "Heap.", ""],
    ["latency_seconds", "histogram", "Time.", ""],
    ["wait_seconds", "summary", "Waiting.", ""],
  ],
};

const OPENMETRICS: GoodExposition = {
  exposition: {
    format: "openmetrics",
    body: String.raw`# TYPE requests counter
# HELP requests Requests, by route: a\\b\nand a \"quote\".
requests_total{route="/"} 1027
requests_created{route="/"} 1700000000.25
requests_total{route="a\\b\"c\nd"} 9007199254740991
requests_created{route="a\\b\"c\nd"} 1700000000.25
# TYPE heap_bytes gauge
# UNIT heap_bytes bytes
# HELP heap_bytes Heap.
heap_bytes 5e-324
heap_bytes{of="infinite"} +Inf
heap_bytes{of="none"} NaN
# TYPE latency_seconds histogram
# UNIT latency_seconds seconds
# HELP latency_seconds Time.
latency_seconds_bucket{le="0.1"} 1
latency_seconds_bucket{le="+Inf"} 3
latency_seconds_count 3
latency_seconds_sum 4.25
latency_seconds_created 1700000000.25
# TYPE wait_seconds summary
# UNIT wait_seconds seconds
# HELP wait_seconds Waiting.
wait_seconds{quantile="0.5"} 0.25
wait_seconds_count 4
wait_seconds_sum 10.0
# EOF
`,
  },
  samples: [
    ['requests_total{route="/"}', 1027],
    ['requests_created{route="/"}', 1700000000.25],
    ['requests_total{route="a\\\\b\\"c\\nd"}', 9007199254740991],
    ['requests_created{route="a\\\\b\\"c\\nd"}', 1700000000.25],
    ["heap_bytes{}", 5e-324],
    ['heap_bytes{of="infinite"}', Number.POSITIVE_INFINITY],
    ['heap_bytes{of="none"}', Number.NaN],
    ['latency_seconds_bucket{le="0.1"}', 1],
    ['latency_seconds_bucket{le="+Inf"}', 3],
    ["latency_seconds_count{}", 3],
    ["latency_seconds_sum{}", 4.25],
    ["latency_seconds_created{}", 1700000000.25],
    ['wait_seconds{quantile="0.5"}', 0.25],
    ["wait_seconds_count{}", 4],
    ["wait_seconds_sum{}", 10],
  ],
  metadata: [
    ["requests", "counter", 'Requests, by route: a\\b\nand a "quote".', ""],
    ["heap_bytes", "gauge", "Heap.", "bytes"],
    ["latency_seconds", "histogram", "Time.", "seconds"],
    ["wait_seconds", "summary", "Waiting.", "seconds"],
  ],
};

const PROTOBUF: GoodExposition = {
  exposition: {
    format: "protobuf",
    body: encodeFamilies([
      {
        name: "requests_total",
        help: 'Requests, by route: a\\b\nand a "quote".',
        type: "counter",
        metrics: [
          { labels: { route: "/" }, value: 1027 },
          { labels: { route: 'a\\b"c\nd' }, value: 9007199254740991 },
        ],
      },
      {
        name: "heap_bytes",
        help: "Heap.",
        type: "gauge",
        metrics: [
          { value: 5e-324 },
          { labels: { of: "infinite" }, value: Number.POSITIVE_INFINITY },
          { labels: { of: "none" }, value: Number.NaN },
        ],
      },
      {
        name: "latency_seconds",
        help: "Time.",
        type: "histogram",
        metrics: [
          {
            histogram: {
              count: 3,
              sum: 4.25,
              buckets: [
                [0.1, 1],
                [Number.POSITIVE_INFINITY, 3],
              ],
            },
          },
        ],
      },
      {
        name: "wait_seconds",
        help: "Waiting.",
        type: "summary",
        metrics: [{ summary: { count: 4, sum: 10, quantiles: [[0.5, 0.25]] } }],
      },
    ]),
  },
  samples: [
    ['requests_total{route="/"}', 1027],
    ['requests_total{route="a\\\\b\\"c\\nd"}', 9007199254740991],
    ["heap_bytes{}", 5e-324],
    ['heap_bytes{of="infinite"}', Number.POSITIVE_INFINITY],
    ['heap_bytes{of="none"}', Number.NaN],
    ['latency_seconds_bucket{le="0.1"}', 1],
    ['latency_seconds_bucket{le="+Inf"}', 3],
    ["latency_seconds_count{}", 3],
    ["latency_seconds_sum{}", 4.25],
    ['wait_seconds{quantile="0.5"}', 0.25],
    ["wait_seconds_count{}", 4],
    ["wait_seconds_sum{}", 10],
  ],
  metadata: [
    ["requests_total", "counter", 'Requests, by route: a\\b\nand a "quote".', ""],
    ["heap_bytes", "gauge", "Heap.", ""],
    ["latency_seconds", "histogram", "Time.", ""],
    ["wait_seconds", "summary", "Waiting.", ""],
  ],
};

/** Values at the edges of doubles, labels and help texts with everything that is escaped; by format. */
export const GOOD = { prometheus: TEXT, openmetrics: OPENMETRICS, protobuf: PROTOBUF } as const;
