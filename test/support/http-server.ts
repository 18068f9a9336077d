/** A server on the loopback interface for the length of a test, and requests to it as they are sent. */
import { once } from "node:events";
import {
  type Agent,
  createServer,
  type IncomingHttpHeaders,
  type RequestListener,
  request,
  type Server,
} from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export async function listening(listener: RequestListener): Promise<Server> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return server;
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
  readonly body?: string | Uint8Array;
}

export interface Answered {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** As it came: not decompressed. */
  readonly body: Buffer;
}

/** Sends no Accept and no Accept-Encoding of its own. */
export function ask(server: Server, { method, headers, agent, body }: Asked = {}) {
  return new Promise<Answered>((resolve, reject) => {
    const options = { host: "127.0.0.1", port: portOf(server), method, headers, agent };
    const sent = request(options as object, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode, headers } = response;
        resolve({ status: statusCode, headers, body: Buffer.concat(chunks) });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
