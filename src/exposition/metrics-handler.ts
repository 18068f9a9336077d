import type { IncomingMessage, ServerResponse } from "node:http";
import { types } from "node:util";
import { checkBoolean, checkFunction, checkOptions } from "../errors/argument-checks.js";
import { checkMethods } from "../errors/check-methods.js";
import { contentTypes } from "./exposition-format.js";
import { failureText } from "./failure-text.js";
import { negotiate } from "./negotiate.js";
import { type Renderable, SharedRenders } from "./shared-renders.js";

/** How metrics are served. */
export interface MetricsHandlerOptions {
  /** Whether those who accept it get gzip. Default: `true`. */
  readonly gzip?: boolean | undefined;
  /**
   * Called once with what a render, or the writing of a response, has failed with; default: nobody is. What it
   * throws, or rejects with, is ignored.
   */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** For `node:http`, and for what calls its middleware likewise. Never throws. */
export type MetricsHandler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Serves metrics over HTTP, in the format that each client asks for; see {@link negotiate}. Which path that is,
 * and who may see it, is up to the caller. The handler belongs to the JavaScript thread that made it.
 *
 * | status | |
 * | --- | --- |
 * | 200 | to GET, and to HEAD without the body |
 * | 405 | to any other method |
 * | 406 | the client takes no format, or no encoding, that there is |
 * | 503 | the render failed; the body says with what, if that is an error of this library, and never where |
 *
 * Headers that somebody has set before stay: `Vary` is added to, and a `Cache-Control` is left as it is.
 *
 * Nothing is sent before all bytes are there. Requests that come while the same format is rendered share that
 * render, so that a storm of scrapes costs one.
 *
 * @param source a runtime or a recorder, or anything that renders
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, which names the argument
 *
 * @example
 * ```ts
 * createServer(metricsHandler(runtime)).listen(9464);
 * ```
 */
export function metricsHandler(
  source: Renderable,
  options: MetricsHandlerOptions = {},
): MetricsHandler {
  const given = checkOptions("options", options, ["gzip", "onError"]);
  checkMethods("source", source, ["render"]);
  const { gzip, tell } = checkHandlerOptions(given);
  const renders = new SharedRenders(source, tell);
  return (request, response) => {
    if (isOver(response)) return;
    answerTo(request, renders, gzip)
      .then((answer) => send(answer, request, response))
      .catch((error: unknown) => {
        tell(error);
        response.destroy(); // nobody else would end it
      });
  };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

const PLAIN_TEXT = { "Content-Type": "text/plain; charset=utf-8" };

async function answerTo(
  { method, headers }: IncomingMessage,
  renders: SharedRenders,
  canGzip: boolean,
): Promise<Answer> {
  if (method !== "GET" && method !== "HEAD") {
    return {
      status: 405,
      headers: { ...PLAIN_TEXT, Allow: "GET, HEAD" },
      body: "Only GET and HEAD are allowed.\n",
    };
  }
  const { accept, "accept-encoding": acceptEncoding } = headers;
  const negotiated = negotiate(accept, acceptEncoding, { gzip: canGzip });
  if (negotiated === undefined) {
    return { status: 406, headers: PLAIN_TEXT, body: availableText(canGzip) };
  }
  const { format, contentType, gzip } = negotiated;
  try {
    const body = await renders.render(format, gzip);
    const encoding = gzip ? { "Content-Encoding": "gzip" } : undefined;
    return { status: 200, headers: { "Content-Type": contentType, ...encoding }, body };
  } catch (error) {
    return { status: 503, headers: PLAIN_TEXT, body: `${failureText(error)}\n` };
  }
}

function availableText(canGzip: boolean): string {
  const codings = canGzip ? "uncompressed or with gzip" : "uncompressed";
  return `Available, ${codings}:\n${Object.values(contentTypes).join("\n")}\n`;
}

function send(
  { status, headers, body }: Answer,
  { method }: IncomingMessage,
  response: ServerResponse,
): void {
  if (isOver(response)) return;
  response.statusCode = status;
  response.appendHeader("Vary", "Accept, Accept-Encoding");
  if (!response.hasHeader("Cache-Control")) response.setHeader("Cache-Control", "no-store");
  response.setHeader("X-Content-Type-Options", "nosniff");
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.setHeader("Content-Length", Buffer.byteLength(body));
  if (method === "HEAD") response.end();
  else response.end(body);
}

/** The client went away, or somebody else has answered: a timeout, say. */
function isOver({ destroyed, headersSent, writableEnded }: ServerResponse): boolean {
  return destroyed || headersSent || writableEnded;
}

function checkHandlerOptions({
  gzip: given = true,
  onError,
}: {
  readonly gzip?: unknown;
  readonly onError?: unknown;
}) {
  const gzip = checkBoolean("options.gzip", given);
  if (onError !== undefined) checkFunction("options.onError", onError);
  return { gzip, tell: harmless(onError as MetricsHandlerOptions["onError"]) };
}

/** Calls it so that neither what it throws nor a promise that it gives comes up anywhere. */
function harmless(onError: MetricsHandlerOptions["onError"]): (error: unknown) => void {
  return (error) => {
    try {
      const result: unknown = onError?.(error);
      if (types.isPromise(result)) Promise.prototype.then.call(result, undefined, () => {});
    } catch {
      // Its own business.
    }
  };
}
