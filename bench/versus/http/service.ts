/** The service: the same code for every subject, which it knows as `Measurements`. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Measurements } from "./measurements.js";
import { answer, type Method, methodOf, type Route, routeOf } from "./routes.js";

/** Longer than a run: no connection is closed under a request that is about to be sent on it. */
const KEEP_ALIVE_MS = 120_000;

export interface Service {
  readonly server: Server;
  /** Requests that have had their answer, or whose client has left. */
  readonly answered: () => number;
}

export function createService(measurements: Measurements): Service {
  let answered = 0;
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const startedAt = performance.now();
    measurements.began();
    const path = request.url ?? "";
    const method = methodOf(request.method);
    const route = routeOf(path);
    let bytes = 0;
    // "close" comes once for every response, "finish" not for one whose client has left.
    response.once("close", () => {
      record(method, route, response.statusCode, bytes, performance.now() - startedAt);
      answered++;
    });
    const respond = (body: string): void => {
      const { status, etag, body: content } = answer(method, route, path, body);
      bytes = content.length;
      response
        .writeHead(status, {
          "content-type": "application/json",
          "content-length": content.length,
          etag,
        })
        .end(content);
    };
    if (method === "POST") readText(request, respond);
    else respond("");
  };
  const record = (
    method: Method,
    route: Route,
    status: number,
    bytes: number,
    durationMs: number,
  ): void => {
    measurements.counted(method, route, String(status));
    measurements.timed(method, route, durationMs / 1_000);
    measurements.sized(route, bytes);
    measurements.ended();
  };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, serve);
  return { server, answered: () => answered };
}

function readText(request: IncomingMessage, done: (text: string) => void): void {
  let text = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => {
    text += chunk;
  });
  request.once("end", () => done(text));
  request.on("error", () => {}); // the client has left; "close" of the response says so
}
