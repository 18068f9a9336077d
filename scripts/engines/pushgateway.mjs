/**
 * The Pushgateway (Debian's `prometheus-pushgateway`). It refuses what a registry in Go would refuse.
 *
 *     node scripts/engines/pushgateway.mjs
 */
import { runUntilInterrupted, startEngine } from "./engine.mjs";

export function startPushgateway() {
  return startEngine({
    name: "prometheus-pushgateway",
    listening: /"msg":"Listening on"/,
    readyPath: "/-/ready",
    command: (_directory, address) => [
      "prometheus-pushgateway",
      `--web.listen-address=${address}`,
      "--log.format=json",
      // In memory alone; Debian's default is a file that outlives it.
      "--persistence.file=",
    ],
  });
}

/**
 * Puts the metrics of a job in the place of those that it had.
 *
 * @param {string} url of the gateway
 * @param {string} job
 * @param {string | Uint8Array<ArrayBuffer>} body
 * @param {string} contentType
 * @returns {Promise<{ status: number, told: string }>} 200, or 400 and what is wrong with them
 */
export function put(url, job, body, contentType = "text/plain; version=0.0.4") {
  return request(url, job, { method: "PUT", body, headers: { "content-type": contentType } });
}

/** @param {string} url of the gateway @param {string} job */
export function remove(url, job) {
  return request(url, job, { method: "DELETE" });
}

async function request(url, job, init) {
  // The one way to write a name with a slash.
  const name = Buffer.from(job).toString("base64url");
  const answer = await fetch(`${url}/metrics/job@base64/${name}`, {
    ...init,
    signal: AbortSignal.timeout(5_000),
  });
  return { status: answer.status, told: (await answer.text()).trim() };
}

if (process.argv[1] === import.meta.filename) await runUntilInterrupted(await startPushgateway());
