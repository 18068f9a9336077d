/** hot-shots, sending to a UDP socket of this process that throws everything away. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Row, Subject } from "../row.js";
import type { HotShotsModule, StatsD } from "./hot-shots-api.js";
import { loadPackage } from "./load.js";

const SUBJECT = "hot-shots";
/** What a frame of Ethernet holds: a datagram for some 30 metrics. By default it sends one for each. */
const MAX_BUFFER_SIZE = 1_432;
const TURNS_TO_SETTLE = 4;

export async function openHotShots(): Promise<Subject> {
  const { StatsD } = (await loadPackage("hot-shots")) as HotShotsModule;
  const sink = createSocket("udp4");
  sink.bind(0, "127.0.0.1");
  await once(sink, "listening");
  const open = (aggregation: boolean): StatsD =>
    new StatsD({
      host: "127.0.0.1",
      port: sink.address().port,
      maxBufferSize: MAX_BUFFER_SIZE,
      aggregation,
      errorHandler: () => {}, // a full socket buffer; what arrives is not what is measured
    });
  const rowsOf = async (way: string): Promise<typeof import("./hot-shots-rows.js")> =>
    await import(`./hot-shots-rows.js?way=${way}`);
  const [sending, aggregating] = [open(false), open(true)];
  const sendingRows = await rowsOf("sending");
  const aggregatingRows = await rowsOf("aggregating");
  const rows: Row[] = [
    ...sendingRows.counterRows(sending, SUBJECT),
    ...sendingRows.histogramRows(sending, SUBJECT),
    ...aggregatingRows.counterRows(aggregating, `${SUBJECT}, aggregating`),
  ];
  return {
    rows,
    skipped: [],
    settle: async () => {
      for (let turn = 0; turn < TURNS_TO_SETTLE; turn++) await nextTurn();
    },
    close: async () => {
      for (const client of [sending, aggregating]) {
        await new Promise<void>((resolve) => client.close(() => resolve()));
      }
      sink.close();
    },
  };
}
