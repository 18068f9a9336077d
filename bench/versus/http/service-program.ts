/** `service-program.js <order>`, forked: serves until it is told to close, and says what that took. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { PEERS } from "../operations.js";
import { limitThisProcess } from "./child-limit.js";
import { type OpenMeasurements, openNothing } from "./measurements.js";
import type { ServiceCommand, ServiceMessage, ServiceOrder } from "./messages.js";
import { openEvents } from "./ours-events.js";
import { openInstruments } from "./ours-instruments.js";
import { openHotShots } from "./peer-hot-shots.js";
import { openOpenTelemetry } from "./peer-opentelemetry.js";
import { openPrometheus } from "./peer-prometheus.js";
import { NO_METRICS, OUR_EVENTS, OUR_INSTRUMENTS } from "./plan.js";
import { createService } from "./service.js";
import { faultsOf } from "./tally.js";

const OPEN: Readonly<
  Record<string, (order: ServiceOrder) => OpenMeasurements | Promise<OpenMeasurements>>
> = {
  [NO_METRICS]: openNothing,
  [OUR_INSTRUMENTS]: openInstruments,
  [OUR_EVENTS]: openEvents,
  "prom-client": () => openPrometheus(PEERS["prom-client"]),
  "prometheus-io": () => openPrometheus(PEERS["prometheus-io"]),
  opentelemetry: openOpenTelemetry,
  "hot-shots": ({ sinkPort }) => openHotShots(sinkPort),
};

limitThisProcess();
const order = JSON.parse(process.argv[2] ?? "{}") as ServiceOrder;
const open = OPEN[order.subject];
if (open === undefined) throw new Error(`no such subject: ${order.subject}`);
const opened = await open(order);
const { server, answered } = createService(opened.measurements);
process.on("message", (command: ServiceCommand) => {
  if (command === "usage") tellUsage();
  else void close();
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
tell({ kind: "listening", port: (server.address() as AddressInfo).port });

function tellUsage(): void {
  const { user, system } = process.cpuUsage();
  tell({ kind: "usage", cpuUs: user + system, answered: answered() });
}

async function close(): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
  const served = answered();
  const tally = opened.tally?.();
  await opened.close();
  const faults = tally === undefined ? [] : faultsOf(tally, served);
  if (faults.length > 0) throw new Error(`${order.subject} counted ${faults.join(", ")}`);
  tell({ kind: "closed", served, ...(tally === undefined ? {} : { tally }) });
  process.disconnect();
}

function tell(message: ServiceMessage): void {
  process.send?.(message);
}
