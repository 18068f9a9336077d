import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { DocumentStorage } from "./document-storage.js";
import {
  answer,
  type HttpMethod,
  type HttpRoute,
  resolveTarget,
  type Target,
} from "./http-routes.js";
import { RequestBody } from "./request-body.js";

export type StatusClass = "1xx" | "2xx" | "3xx" | "4xx" | "5xx";

/** What the service reports. It is given functions, so it knows nothing of recorders or metrics. */
export interface HttpServiceEvents {
  readonly received: (method: HttpMethod) => boolean;
  readonly answered: (
    method: HttpMethod,
    route: HttpRoute,
    status: number,
    statusClass: StatusClass,
    requestBytes: number,
    responseBytes: number,
    durationMs: number,
  ) => boolean;
  readonly aborted: (method: HttpMethod, route: HttpRoute, durationMs: number) => boolean;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves a document storage over HTTP on a free loopback port, and at `/metrics` what `metrics` answers. */
export class HttpService {
  readonly #server: Server;
  readonly #storage: DocumentStorage;
  readonly #events: HttpServiceEvents;
  #openResponses = 0;
  #runningHandlers = 0;

  constructor(storage: DocumentStorage, events: HttpServiceEvents, metrics: Listener) {
    this.#storage = storage;
    this.#events = events;
    this.#server = createServer((request, response) => {
      if (request.url === "/metrics") metrics(request, response);
      else this.#serve(request, response);
    });
  }

  /** Starts to listen and returns the address. */
  async listen(): Promise<string> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (address === null || typeof address === "string") {
      throw new Error("the HTTP server has no port");
    }
    return `http://127.0.0.1:${address.port}`;
  }

  /** Waits until every request is answered or aborted, and reported; `false` when `limitMs` was not enough. */
  async idle(limitMs: number): Promise<boolean> {
    const deadline = performance.now() + limitMs;
    // Both: a client that leaves closes its response, but does not stop the storage's work for it.
    while (this.#openResponses > 0 || this.#runningHandlers > 0) {
      if (performance.now() > deadline) {
        return false;
      }
      await sleep(5);
    }
    return true;
  }

  /** Takes no more requests and closes every connection. */
  async close(): Promise<void> {
    if (this.#server.listening) {
      const closed = once(this.#server, "close");
      this.#server.close();
      this.#server.closeAllConnections();
      await closed;
    }
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const method = methodOf(request);
    const target = resolveTarget(request.url ?? "");
    // One byte too many is enough for the storage to refuse a document.
    const body = new RequestBody(request, this.#storage.maxDocumentBytes + 1);

    this.#openResponses++;
    this.#events.received(method);
    this.#reportWhenClosed(request, response, method, target.route, body);

    this.#runningHandlers++;
    void this.#respond(method, target, body, response)
      .catch((error: unknown) => {
        // A client that leaves while it sends is no defect. Either way there is nobody left to answer properly.
        if (request.complete) console.error("request failed:", error);
        response.destroy();
      })
      .finally(() => {
        this.#runningHandlers--;
      });
  }

  // "close" comes exactly once for every response, "finish" only for those that were written to their end.
  #reportWhenClosed(
    { socket }: IncomingMessage,
    response: ServerResponse,
    method: HttpMethod,
    route: HttpRoute,
    body: RequestBody,
  ): void {
    const startedAt = performance.now();
    const bytesWrittenBefore = socket.bytesWritten;
    response.once("close", () => {
      this.#openResponses--;
      const durationMs = performance.now() - startedAt;
      if (!response.writableFinished) {
        this.#events.aborted(method, route, durationMs);
        return;
      }
      const status = response.statusCode;
      const responseBytes = socket.bytesWritten - bytesWrittenBefore; // on the wire, headers included
      const requestBytes = body.receivedBytes;
      this.#events.answered(
        method,
        route,
        status,
        classOf(status),
        requestBytes,
        responseBytes,
        durationMs,
      );
    });
  }

  async #respond(
    method: HttpMethod,
    target: Target,
    body: RequestBody,
    response: ServerResponse,
  ): Promise<void> {
    const {
      status,
      headers,
      body: content,
    } = await answer(this.#storage, method, target, await body.read());
    const length = status === 204 ? {} : { "content-length": Buffer.byteLength(content) };
    response.writeHead(status, { ...headers, ...length }).end(content);
  }
}

function methodOf({ method }: IncomingMessage): HttpMethod {
  return method === "GET" || method === "PUT" || method === "DELETE" ? method : "OTHER";
}

function classOf(status: number): StatusClass {
  if (status < 200) return "1xx";
  if (status < 300) return "2xx";
  if (status < 400) return "3xx";
  return status < 500 ? "4xx" : "5xx";
}
