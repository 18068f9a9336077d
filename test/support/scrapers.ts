/** What scrapers and other clients send, as their sources or captures of them have it. */
import type { ExpositionFormat } from "metrics-runtime";

export interface Scraper {
  readonly name: string;
  readonly accept: string | undefined;
  readonly acceptEncoding: string | undefined;
  readonly format: ExpositionFormat;
  /** Whether it names a scheme for the names in what it gets. */
  readonly escaping: boolean;
  readonly gzip: boolean;
}

const PROTOBUF =
  "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

/** Name, Accept, Accept-Encoding, what it is to get. */
const ROWS: [string, string | undefined, string | undefined, string][] = [
  [
    "Prometheus 1.8",
    `${PROTOBUF};q=0.7,text/plain;version=0.0.4;q=0.3,*/*;q=0.1`,
    "gzip",
    "protobuf gzip",
  ],
  [
    "Prometheus 2.30",
    "application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "gzip",
    "openmetrics gzip",
  ],
  [
    // Datadog's agent from 7.46 on sends the same.
    "Prometheus 2.42",
    "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
    "gzip",
    "openmetrics gzip",
  ],
  [
    "Prometheus 2.42 with native histograms",
    `${PROTOBUF},application/openmetrics-text;version=1.0.0;q=0.8,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1`,
    "gzip",
    "protobuf gzip",
  ],
  [
    // The OpenTelemetry collector scrapes with the code of Prometheus, and sends what that does.
    "Prometheus 2.54",
    "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    "gzip",
    "openmetrics gzip",
  ],
  [
    "Prometheus 2.54 with native histograms",
    `${PROTOBUF};q=0.5,application/openmetrics-text;version=1.0.0;q=0.4,application/openmetrics-text;version=0.0.1;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1`,
    "gzip",
    "protobuf gzip",
  ],
  [
    "Prometheus 3.0, which names the scheme for every protocol",
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;escaping=allow-utf-8;q=0.3,*/*;q=0.2",
    "gzip",
    "openmetrics gzip escaping",
  ],
  [
    "Prometheus 3.11",
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    "gzip",
    "openmetrics gzip escaping",
  ],
  [
    "Prometheus 3 with underscores",
    "application/openmetrics-text;version=1.0.0;escaping=underscores;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=underscores;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
    "gzip",
    "openmetrics gzip escaping",
  ],
  [
    "Prometheus 3 with native histograms",
    `${PROTOBUF};q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1`,
    "gzip",
    "protobuf gzip",
  ],
  [
    "Prometheus 3 with PrometheusText1.0.0 alone and no compression",
    "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.6,*/*;q=0.5",
    "identity",
    "prometheus escaping",
  ],
  [
    "Prometheus 3 with PrometheusText0.0.4 alone",
    "text/plain;version=0.0.4;q=0.6,*/*;q=0.5",
    "gzip",
    "prometheus gzip",
  ],
  // The agents of netdata and VictoriaMetrics, both by Go's transport.
  ["vmagent", "text/plain;version=0.0.4;q=1,*/*;q=0.1", "gzip", "prometheus gzip"],
  ["Telegraf", `${PROTOBUF};q=0.7,text/plain;version=0.0.4;q=0.3`, "gzip", "protobuf gzip"],
  ["Metricbeat", "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", "gzip", "prometheus gzip"],
  ["Prometheus 2.0, beta 5", undefined, "gzip", "prometheus gzip"],
  ["curl", "*/*", undefined, "prometheus"],
  ["curl --compressed", "*/*", "deflate, gzip, br, zstd", "prometheus gzip"],
  ["HTTPie", "*/*", "gzip, deflate", "prometheus gzip"],
  [
    "a browser",
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
    "gzip, deflate, br, zstd",
    "prometheus gzip",
  ],
  [
    "Java's HttpURLConnection",
    "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
    undefined,
    "prometheus",
  ],
  ["axios", "application/json, text/plain, */*", "gzip, compress, deflate, br", "prometheus gzip"],
  ["fetch of Node.js", "*/*", "gzip, deflate", "prometheus gzip"],
  ["a person who wants JSON", "application/json", undefined, "json"],
];

export const SCRAPERS: readonly Scraper[] = ROWS.map(([name, accept, acceptEncoding, gets]) => {
  const [format, ...more] = gets.split(" ");
  return {
    name,
    accept,
    acceptEncoding,
    format: format as ExpositionFormat,
    escaping: more.includes("escaping"),
    gzip: more.includes("gzip"),
  };
});
