import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { contentTypes, type ExpositionFormat } from "metrics-runtime";

/** What Prometheus reads. */
export type ScrapedFormat = Exclude<ExpositionFormat, "json">;

/** What a path answers with. */
export interface Exposition {
  readonly format: ScrapedFormat;
  readonly body: string | Uint8Array;
}

export interface ExpositionServer {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** The headers of the last request to a path. */
  headersOf(path: string): IncomingHttpHeaders;
  stop(): Promise<void>;
}

/**
 * Serves expositions on loopback, whatever is asked for.
 *
 * @param expositions by path; may be changed later
 */
export async function serveExpositions(
  expositions: ReadonlyMap<string, Exposition>,
): Promise<ExpositionServer> {
  const seen = new Map<string, IncomingHttpHeaders>();
  const server = createServer((request, response) => {
    const exposition = expositions.get(request.url ?? "");
    seen.set(request.url ?? "", request.headers);
    if (exposition === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { format, body } = exposition;
    response.writeHead(200, { "content-type": contentTypes[format] }).end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    headersOf(path) {
      const headers = seen.get(path);
      if (headers === undefined) throw new Error(`nobody has asked for ${path}`);
      return headers;
    },
    stop() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
