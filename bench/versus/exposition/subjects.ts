/** Who is asked for an exposition, by the names in the tables. */
import { OURS, PEERS, type Peer } from "../operations.js";
import { openOurs } from "./ours.js";
import { openOpenTelemetry, openPrometheus } from "./peers.js";
import type { OpenExposition } from "./subject.js";

/** What is compared with the peers: the text that all of them make. */
export const OUR_TEXT = `${OURS}, text`;

export const OUR_WAYS: Readonly<Record<string, OpenExposition>> = {
  [OUR_TEXT]: (kind, series) => openOurs("prometheus", false, kind, series),
  [`${OURS}, text, gzip`]: (kind, series) => openOurs("prometheus", true, kind, series),
  [`${OURS}, OpenMetrics`]: (kind, series) => openOurs("openmetrics", false, kind, series),
  [`${OURS}, protobuf`]: (kind, series) => openOurs("protobuf", false, kind, series),
};

/** The others have no exposition. */
export const PEER_WAYS: Readonly<Partial<Record<Peer, OpenExposition>>> = {
  "prom-client": (kind) => openPrometheus(PEERS["prom-client"], kind),
  "prometheus-io": (kind) => openPrometheus(PEERS["prometheus-io"], kind),
  opentelemetry: openOpenTelemetry,
};
