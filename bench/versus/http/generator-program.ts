/** `generator-program.js <order>`, forked: loads the service by loadtest and says how long the answers took. */
import { Agent } from "node:http";
import { loadPackage } from "../peers/load.js";
import { limitThisProcess } from "./child-limit.js";
import { readLoad } from "./load-reading.js";
import type { LoadTestModule } from "./loadtest-api.js";
import type { GeneratorMessage, LoadOrder } from "./messages.js";
import { GENERATOR } from "./plan.js";
import { requestAt } from "./request-mix.js";

/**
 * Beyond that a request waits for a connection, and its time runs. Without a limit a service that is behind gets
 * thousands of new connections, which cost it more than the requests do, and it stays behind.
 */
const MOST_CONNECTIONS = 128;
/** So long that on a busy machine each request has its answer in the end: what timed out is in no percentile. */
const TIMEOUT_MS = 30_000;

/** An object: a label that is 0 would be taken for none. */
interface Note {
  readonly index: number;
}

limitThisProcess();
const order = JSON.parse(process.argv[2] ?? "{}") as LoadOrder;
const { port, requestsPerSecond, warmUpSeconds, windowSeconds } = order;
const { loadTest } = (await loadPackage(GENERATOR)) as LoadTestModule;

const first = warmUpSeconds * requestsPerSecond;
const total = first + windowSeconds * requestsPerSecond;
const sentAtMs = new Float64Array(total).fill(Number.NaN);
const answeredAtMs = new Float64Array(total).fill(Number.NaN);
const agent = new Agent({
  keepAlive: true,
  maxSockets: MOST_CONNECTIONS,
  maxFreeSockets: MOST_CONNECTIONS,
});
let sent = 0;
let succeeded = 0;
const reasons = new Set<string>();

await loadTest<Note>({
  url: `http://127.0.0.1:${port}`,
  requestsPerSecond,
  maxRequests: total,
  timeout: TIMEOUT_MS,
  quiet: true,
  requestGenerator: (_options, params, request, answered) => {
    const index = sent++;
    if (index === first) tell({ kind: "measuring" });
    const { method, path, body } = requestAt(index);
    const length = body === undefined ? {} : { "content-length": Buffer.byteLength(body) };
    const headers = { ...params.headers, ...length };
    sentAtMs[index] = performance.now();
    const made = request({ ...params, agent, method, path, headers }, answered);
    made.labels = { index };
    if (body !== undefined) made.write(body);
    return made;
  },
  statusCallback: (error, result) => {
    const index = result?.labels?.index;
    if (!result || index === undefined) {
      reasons.add(String(error));
      return;
    }
    answeredAtMs[index] = performance.now();
    if (result.statusCode === requestAt(index).status) succeeded++;
    else reasons.add(`status ${result.statusCode}`);
  },
});
agent.destroy();
const times = { sentAtMs, answeredAtMs };
const failures = { failed: total - succeeded, reasons: [...reasons] };
tell({ kind: "done", reading: readLoad(times, requestsPerSecond, first, failures) });
process.disconnect();

function tell(message: GeneratorMessage): void {
  process.send?.(message);
}
