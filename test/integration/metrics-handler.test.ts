import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Agent, type IncomingMessage, request, type ServerResponse } from "node:http";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { runInNewContext } from "node:vm";
import { gunzipSync } from "node:zlib";
import {
  contentTypes,
  ExpositionFormat,
  type MetricsHandlerOptions,
  MetricsRecorderDispatcherError,
  MetricsRuntimeRecorderNotFoundError,
  metricsHandler,
  type Renderable,
} from "metrics-runtime";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Answered, ask, listening, portOf } from "../support/http-server.js";
import { Rendered } from "../support/rendered.js";
import { startedRuntime } from "../support/runtimes.js";
import { SCRAPERS } from "../support/scrapers.js";
import { thrownBy } from "../support/thrown.js";
import { unhandledRejections } from "../support/unhandled-rejections.js";
import { waitUntil } from "../support/wait-until.js";

const FORMATS = Object.values(ExpositionFormat);
const ACCEPT: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: "text/plain",
  openmetrics: "application/openmetrics-text",
  protobuf: "application/vnd.google.protobuf",
  json: "application/json",
};
/** Of every answer. */
const ALWAYS = {
  vary: "Accept, Accept-Encoding",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};
const PLAIN_TEXT = { ...ALWAYS, "content-type": "text/plain; charset=utf-8" };

async function served(source: Renderable = new Rendered(), options?: MetricsHandlerOptions) {
  return listening(metricsHandler(source, options));
}

/** One connection, that is kept. */
function oneConnection(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  return agent;
}

function lengthOf({ headers }: Answered): number {
  return Number(headers["content-length"]);
}

describe("GET gives the metrics", () => {
  test.each(FORMATS)("as %s to who accepts that", async (format) => {
    const source = new Rendered();
    const headers = { accept: ACCEPT[format] };
    const answer = await ask(await served(source), { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({ ...ALWAYS, "content-type": contentTypes[format] });
    expect(answer.headers).not.toHaveProperty("content-encoding");
    expect(answer.body).toEqual(source.bytesOf(format));
    expect(lengthOf(answer)).toBe(answer.body.length);
    expect(source.calls).toEqual([format]);
  });

  test.each(SCRAPERS)("to $name", async ({ accept, acceptEncoding, format, escaping, gzip }) => {
    const source = new Rendered();
    const headers = {
      ...(accept === undefined ? undefined : { accept }),
      ...(acceptEncoding === undefined ? undefined : { "accept-encoding": acceptEncoding }),
    };
    const answer = await ask(await served(source), { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe(
      `${contentTypes[format]}${escaping ? "; escaping=underscores" : ""}`,
    );
    expect(answer.headers["content-encoding"]).toBe(gzip ? "gzip" : undefined);
    expect(gzip ? gunzipSync(answer.body) : answer.body).toEqual(source.bytesOf(format));
  });

  test("compressed, with the length of what is sent", async () => {
    const source = new Rendered("a".repeat(100_000));
    const answer = await ask(await served(source), { headers: { "accept-encoding": "gzip" } });
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(lengthOf(answer)).toBe(answer.body.length);
    expect(answer.body.length).toBeLessThan(1_000);
    expect(gunzipSync(answer.body)).toEqual(source.bytesOf("prometheus"));
  });

  test("uncompressed to everybody, where gzip is switched off", async () => {
    const source = new Rendered();
    const server = await served(source, { gzip: false });
    const answer = await ask(server, { headers: { "accept-encoding": "gzip" } });
    expect(answer.headers).not.toHaveProperty("content-encoding");
    expect(answer.body).toEqual(source.bytesOf("prometheus"));
    expect(source.calls).toEqual(["prometheus"]);
  });

  test("also when there is nothing", async () => {
    const server = await served({ render: async () => new Uint8Array() });
    const answer = await ask(server);
    expect([answer.status, lengthOf(answer), answer.body.length]).toEqual([200, 0, 0]);
  });

  test("from bytes of another realm, and from a part of a buffer", async () => {
    const foreign: Uint8Array = runInNewContext("Uint8Array.from([104, 105])");
    expect((await ask(await served({ render: async () => foreign }))).body.toString()).toBe("hi");
    const part = new Uint8Array([1, 104, 105, 1]).subarray(1, 3);
    expect((await ask(await served({ render: async () => part }))).body.toString()).toBe("hi");
  });

  test("to headers that cannot be read, as text", async () => {
    const server = await served();
    for (const accept of [`application/json;a="${"x".repeat(9_000)}"`, '"', "q=;;,,"]) {
      const answer = await ask(server, { headers: { accept } });
      expect([answer.status, answer.headers["content-type"]]).toEqual([
        200,
        contentTypes.prometheus,
      ]);
    }
  });

  test("in the format that several headers of one name ask for together", async () => {
    const socket = connect(portOf(await served()), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    socket.end("GET / HTTP/1.0\r\nAccept: text/plain;q=0.1\r\nAccept: application/json\r\n\r\n");
    const chunks = await socket.setEncoding("utf8").toArray();
    expect(chunks.join("")).toContain(`\r\nContent-Type: ${contentTypes.json}\r\n`);
  });

  test("as a middleware, which calls nothing further", async () => {
    const handler = metricsHandler(new Rendered()) as (...args: unknown[]) => void;
    let further = 0;
    const server = await listening((...both) => handler(...both, () => further++));
    expect((await ask(server)).status).toBe(200);
    expect((await ask(server, { method: "POST" })).status).toBe(405);
    expect(further).toBe(0);
  });

  test("also of a source whose methods need it as their receiver, and may change", async () => {
    class Source {
      readonly #bytes = Buffer.from("private");
      async render(): Promise<Uint8Array> {
        return this.#bytes;
      }
    }
    const source = new Source();
    const server = await served(source);
    expect((await ask(server)).body.toString()).toBe("private");
    source.render = async () => Buffer.from("replaced");
    expect((await ask(server)).body.toString()).toBe("replaced");
  });
});

describe("HEAD gives the headers of GET and no body", () => {
  test.each([
    ["of metrics", {}],
    ["compressed", { "accept-encoding": "gzip" }],
    ["of a 406", { accept: "text/html" }],
  ])("%s", async (_, headers) => {
    const server = await served();
    const agent = oneConnection();
    const get = await ask(server, { headers, agent });
    const head = await ask(server, { method: "HEAD", headers, agent });
    const { date: _get, ...expected } = get.headers;
    const { date: _head, ...actual } = head.headers;
    expect(actual).toEqual(expected);
    expect(lengthOf(head)).toBe(get.body.length);
    expect([head.status, head.body.length]).toEqual([get.status, 0]);
    // A body that came all the same would be taken for the next answer.
    expect((await ask(server, { headers, agent })).body).toEqual(get.body);
  });

  test("of a 503", async () => {
    const source = new Rendered();
    source.failWith(new RangeError("no memory"));
    const head = await ask(await served(source), { method: "HEAD" });
    expect([head.status, lengthOf(head), head.body.length]).toEqual([503, 11, 0]);
  });
});

describe("other methods are refused", () => {
  test.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])(
    "%s",
    async (method) => {
      const source = new Rendered();
      const server = await served(source);
      const agent = oneConnection();
      const answer = await ask(server, { method, agent });
      expect(answer.status).toBe(405);
      expect(answer.headers).toMatchObject({ ...PLAIN_TEXT, allow: "GET, HEAD" });
      expect(answer.body.toString()).toBe("Only GET and HEAD are allowed.\n");
      expect(source.calls).toEqual([]);
      expect((await ask(server, { agent })).status).toBe(200);
    },
  );

  test("with whatever they bring", async () => {
    const server = await served();
    const agent = oneConnection();
    const body = new Uint8Array(300_000);
    expect((await ask(server, { method: "POST", body, agent })).status).toBe(405);
    expect((await ask(server, { agent })).status).toBe(200);
  });
});

describe("who accepts nothing that there is", () => {
  const TYPES = Object.values(contentTypes).join("\n");
  test.each([
    ["format", { accept: "text/html" }],
    ["encoding", { "accept-encoding": "br, identity;q=0" }],
  ])("as %s gets a 406 that says what there is", async (_, headers) => {
    const source = new Rendered();
    const answer = await ask(await served(source), { headers });
    expect(answer.status).toBe(406);
    expect(answer.headers).toMatchObject(PLAIN_TEXT);
    expect(answer.body.toString()).toBe(`Available, uncompressed or with gzip:\n${TYPES}\n`);
    expect(lengthOf(answer)).toBe(answer.body.length);
    expect(source.calls).toEqual([]);
  });

  test("where gzip is switched off, is told so", async () => {
    const server = await served(new Rendered(), { gzip: false });
    const answer = await ask(server, { headers: { "accept-encoding": "gzip, identity;q=0" } });
    expect(answer.status).toBe(406);
    expect(answer.body.toString()).toBe(`Available, uncompressed:\n${TYPES}\n`);
  });
});

describe("a render that fails is a 503", () => {
  const revoked = (() => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  })();
  const withCode = (code: unknown) => Object.assign(new Error("it broke"), { code });
  const ofPackage = (id: string) => new MetricsRuntimeRecorderNotFoundError(id);
  const OF_PACKAGE =
    "ERR_METRICS_RUNTIME_RECORDER_NOT_FOUND: metrics runtime recorder error -> metrics recorder with '";
  const caused = (cause: unknown) => new MetricsRecorderDispatcherError(cause);
  const CAUSED = "ERR_METRICS_RECORDER_DISPATCHER: the dispatcher failed -> ";
  const fileMissing = thrownBy(() => readFileSync("/no/such/secret"));
  const looksAlike = Object.assign(new Error("10.0.0.7 refused"), {
    name: "MetricsRecorderDispatcherError",
    code: "ERR_METRICS_RECORDER_DISPATCHER",
  });
  const ERRORS: [name: string, error: unknown, text: string][] = [
    ["an error of the package", ofPackage("a"), `${OF_PACKAGE}a' not found`],
    ["of several lines", ofPackage("first\n    at second (file.js:1:2)"), `${OF_PACKAGE}first`],
    ["caused by one of the package", caused(ofPackage("a")), `${CAUSED}${OF_PACKAGE}a' not found`],
    ["caused by another", caused(new Error("/etc/secret")), `${CAUSED}Error`],
    ["caused by a system's error", caused(fileMissing), `${CAUSED}ENOENT`],
    ["caused by one that is", caused(caused(new Error("secret"))), `${CAUSED}${CAUSED}Error`],
    ["a long one", ofPackage("x".repeat(10_000)), OF_PACKAGE.padEnd(500, "x")],
    ["an error with a code", withCode("ERR_BROKEN"), "ERR_BROKEN"],
    ["a system's error", fileMissing, "ENOENT"],
    ["an error without a code", new RangeError("too far"), "RangeError"],
    ["a code that is none", withCode("<script>"), "Error"],
    ["a code that is a number", withCode(7), "Error"],
    ["a long code", withCode("E".repeat(10_000)), "E".repeat(500)],
    ["what only looks like one of the package", looksAlike, "ERR_METRICS_RECORDER_DISPATCHER"],
    ["text", "broken", "string"],
    ["undefined", undefined, "undefined"],
    ["null", null, "object"],
    ["a revoked proxy", revoked, "object"],
  ];
  test.each(ERRORS)("that says with what, and never where: %s", async (_, error, text) => {
    const source = new Rendered();
    source.failWith(error);
    const told: unknown[] = [];
    const server = await served(source, { onError: (one) => told.push(one) });
    const answer = await ask(server, { headers: { "accept-encoding": "gzip" } });
    expect(answer.status).toBe(503);
    expect(answer.headers).toMatchObject(PLAIN_TEXT);
    expect(answer.headers).not.toHaveProperty("content-encoding");
    expect(answer.body.toString()).toBe(`${text}\n`);
    expect(lengthOf(answer)).toBe(answer.body.length);
    expect(answer.body.toString()).not.toMatch(/\bat |\.[jt]s\b/);
    expect(told).toHaveLength(1);
    expect(told[0] === error).toBe(true);
  });

  test("also one that throws instead", async () => {
    const render = () => {
      throw new Error("at once");
    };
    const answer = await ask(await served({ render }));
    expect([answer.status, answer.body.toString()]).toEqual([503, "Error\n"]);
  });

  test.each([
    ["nothing", undefined],
    ["text", "metrics"],
    ["a list", [104, 105]],
    ["a buffer without a view", new ArrayBuffer(2)],
    ["words", new Uint16Array(2)],
  ])("and one that gives no bytes: %s", async (_, bytes) => {
    const told: unknown[] = [];
    const render = async () => bytes as never;
    const answer = await ask(await served({ render }, { onError: (error) => told.push(error) }));
    expect([answer.status, answer.body.toString()]).toEqual([503, "ERR_INVALID_ARG_TYPE\n"]);
    const message = expect.stringContaining('The "source.render" property must be a function that');
    expect(told).toEqual([expect.objectContaining({ name: "TypeError", message })]);
  });

  test("and the next is none, on the same connection", async () => {
    const source = new Rendered();
    const server = await served(source);
    const agent = oneConnection();
    for (const turn of [1, 2, 3]) {
      source.failWith(new Error("now and then"));
      expect([turn, (await ask(server, { agent })).status]).toEqual([turn, 503]);
      source.succeed();
      expect([turn, (await ask(server, { agent })).status]).toEqual([turn, 200]);
    }
  });

  test("without anybody who is told", async () => {
    const rejections = unhandledRejections();
    const source = new Rendered();
    source.failWith(new Error("nobody knows"));
    expect((await ask(await served(source))).status).toBe(503);
    await sleep(20); // a turn later it would be unhandled
    expect(rejections).toEqual([]);
  });

  const HARMFUL: [name: string, onError: () => void][] = [
    [
      "throws",
      () => {
        throw new Error("from onError");
      },
    ],
    ["rejects", (async () => Promise.reject(new Error("from onError"))) as () => void],
    ["gives what throws when it is looked at", (() => revoked) as () => void],
  ];
  test.each(HARMFUL)("and an onError that %s harms nobody", async (_, onError) => {
    const rejections = unhandledRejections();
    const source = new Rendered();
    source.failWith(new Error("it broke"));
    const server = await served(source, { onError });
    const answer = await ask(server);
    expect([answer.status, answer.body.toString()]).toEqual([503, "Error\n"]);
    source.succeed();
    expect((await ask(server)).status).toBe(200);
    await sleep(20); // a turn later it would be unhandled
    expect(rejections).toEqual([]);
  });
});

describe("requests that come while the same is rendered", () => {
  test("share that render, however many they are", async () => {
    const source = new Rendered();
    source.hold();
    const server = await served(source);
    let requests = 0;
    server.on("request", () => requests++);
    const asked = Array.from({ length: 100 }, () => ask(server));
    await waitUntil(
      () => requests === 100,
      () => requests,
    );
    source.release();
    const answers = await Promise.all(asked);
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    expect(new Set(answers.map(({ body }) => body.toString())).size).toBe(1);
    expect(source.calls).toEqual(["prometheus"]);
  });

  test("are rendered once for each format and encoding: eight at once, and no more", async () => {
    const source = new Rendered();
    source.hold();
    const server = await served(source);
    let requests = 0;
    server.on("request", () => requests++);
    const each = FORMATS.flatMap((format) =>
      ["identity", "gzip"].map((coding) => ({
        format,
        headers: { accept: ACCEPT[format], "accept-encoding": coding },
      })),
    );
    const asked = [...each, ...each, ...each].map(async ({ format, headers }) => {
      const { headers: got, body } = await ask(server, { headers });
      const gzip = got["content-encoding"] === "gzip";
      expect(gzip).toBe(headers["accept-encoding"] === "gzip");
      expect(gzip ? gunzipSync(body) : body).toEqual(source.bytesOf(format));
    });
    await waitUntil(
      () => requests === 24,
      () => requests,
    );
    source.release();
    await Promise.all(asked);
    expect(source.calls.toSorted()).toEqual(
      each
        .map(({ format, headers }) =>
          headers["accept-encoding"] === "gzip" ? `${format} gzip` : format,
        )
        .toSorted(),
    );
    expect(source.mostUnderWay).toBe(8);
  });

  test("HEAD among them", async () => {
    const source = new Rendered();
    source.hold();
    const server = await served(source);
    let requests = 0;
    server.on("request", () => requests++);
    const asked = ["GET", "HEAD"].map((method) => ask(server, { method }));
    await waitUntil(
      () => requests === 2,
      () => requests,
    );
    source.release();
    const [get, head] = await Promise.all(asked);
    expect(head?.headers["content-length"]).toBe(get?.headers["content-length"]);
    expect(source.calls).toHaveLength(1);
  });

  test("fail together, and one is told", async () => {
    const source = new Rendered();
    source.hold();
    source.failWith(new Error("for all"));
    const told: unknown[] = [];
    const server = await served(source, { onError: (error) => told.push(error) });
    let requests = 0;
    server.on("request", () => requests++);
    const asked = Array.from({ length: 10 }, () => ask(server));
    await waitUntil(
      () => requests === 10,
      () => requests,
    );
    source.release();
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    expect(statuses).toEqual(Array(10).fill(503));
    expect(told).toHaveLength(1);
  });

  test("those that come after its end are rendered anew", async () => {
    let renders = 0;
    const server = await served({ render: async () => Buffer.from(`${++renders}`) });
    const bodies: string[] = [];
    for (let turn = 0; turn < 3; turn++) bodies.push((await ask(server)).body.toString());
    expect(bodies).toEqual(["1", "2", "3"]);
  });

  test("two handlers share nothing", async () => {
    const source = new Rendered();
    const servers = await Promise.all([served(source), served(source)]);
    source.hold();
    const asked = servers.map((server) => ask(server));
    await waitUntil(
      () => source.calls.length === 2,
      () => source.calls,
    );
    source.release();
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200]);
  });
});

describe("nothing is sent before all bytes are there", () => {
  test("not even the headers", async () => {
    const source = new Rendered();
    source.hold();
    const socket = connect(portOf(await served(source)), "127.0.0.1");
    onTestFinished(() => void socket.destroy());
    let received = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      received += text;
    });
    socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    await waitUntil(
      () => source.calls.length === 1,
      () => source.calls,
    );
    await sleep(50); // what had been sent would be here
    expect(received).toBe("");
    source.failWith(new RangeError("late"));
    source.release();
    await waitUntil(
      () => received.endsWith("RangeError\n"),
      () => received,
    );
    expect(received).toMatch(/^HTTP\/1\.1 503 /);
  });
});

describe("a client that goes away", () => {
  /** A server, and the responses that it began. */
  async function watched(source: Renderable, options: MetricsHandlerOptions) {
    const responses: ServerResponse[] = [];
    const handler = metricsHandler(source, options);
    const server = await listening((incoming, response) => {
      responses.push(response);
      handler(incoming, response);
    });
    return { server, responses };
  }

  test.each([
    ["succeeds", false],
    ["fails", true],
  ])("while it is rendered for is missed by nobody, when the render %s", async (_, fails) => {
    const rejections = unhandledRejections();
    const source = new Rendered();
    if (fails) source.failWith(new Error("nobody waits"));
    const told: unknown[] = [];
    source.hold();
    const { server, responses } = await watched(source, { onError: (error) => told.push(error) });
    const left = request({ host: "127.0.0.1", port: portOf(server) });
    left.on("error", () => {}).end();
    await waitUntil(
      () => source.calls.length === 1,
      () => source.calls,
    );
    const stayed = ask(server);
    await waitUntil(
      () => responses.length === 2,
      () => responses.length,
    );
    left.destroy();
    await waitUntil(
      () => responses[0]?.destroyed === true,
      () => responses[0]?.destroyed,
    );
    source.release();
    expect((await stayed).status).toBe(fails ? 503 : 200);
    expect(responses[0]?.headersSent).toBe(false);
    source.succeed();
    expect((await ask(server)).status).toBe(200);
    await sleep(20); // a turn later it would be unhandled
    expect(rejections).toEqual([]);
    expect(told).toHaveLength(fails ? 1 : 0);
  });

  test("in the middle of its body harms nobody else", async () => {
    const rejections = unhandledRejections();
    const told: unknown[] = [];
    const { server, responses } = await watched(
      { render: async () => new Uint8Array(32 << 20) },
      { onError: (error) => told.push(error) },
    );
    for (let turn = 0; turn < 3; turn++) {
      const left = request({ host: "127.0.0.1", port: portOf(server) });
      left.on("error", () => {}).end();
      const [response] = (await once(left, "response")) as [IncomingMessage];
      await once(response, "data");
      response.on("error", () => {}).destroy();
      await waitUntil(
        () => responses[turn]?.destroyed === true,
        () => responses[turn]?.destroyed,
      );
    }
    expect((await ask(server, { method: "HEAD" })).status).toBe(200);
    expect(rejections).toEqual([]);
    expect(told).toEqual([]);
  });

  test("before the handler sees it costs no render", async () => {
    const source = new Rendered();
    const handler = metricsHandler(source);
    let seen = false;
    const server = await listening((incoming, response) => {
      response.on("close", () => {
        handler(incoming, response);
        seen = true;
      });
    });
    const left = request({ host: "127.0.0.1", port: portOf(server) });
    left.on("error", () => {}).end();
    await once(server, "request");
    left.destroy();
    await waitUntil(
      () => seen,
      () => seen,
    );
    await sleep(20); // a render would have begun
    expect(source.calls).toEqual([]);
  });
});

describe("a response", () => {
  test("that somebody else has answered meanwhile stays as it is", async () => {
    const source = new Rendered();
    source.hold();
    const told: unknown[] = [];
    const handler = metricsHandler(source, { onError: (error) => told.push(error) });
    const server = await listening((incoming, response) => {
      handler(incoming, response);
      response.writeHead(504).write("too ");
      source.release();
      setTimeout(() => response.end("late"), 20); // the handler has come to it
    });
    const answer = await ask(server);
    expect([answer.status, answer.body.toString()]).toEqual([504, "too late"]);
    expect(told).toEqual([]);
  });

  test.each<[name: string, answer: (response: ServerResponse) => void]>([
    ["whose headers are sent", (response) => response.writeHead(504).flushHeaders()],
    ["that has ended", (response) => response.writeHead(504).end()],
  ])("%s before the handler sees it costs no render", async (_, answer) => {
    const source = new Rendered();
    const told: unknown[] = [];
    const handler = metricsHandler(source, { onError: (error) => told.push(error) });
    const server = await listening((incoming, response) => {
      answer(response);
      handler(incoming, response);
      setTimeout(() => response.end(), 20); // a render would have begun
    });
    expect((await ask(server)).status).toBe(504);
    expect(source.calls).toEqual([]);
    expect(told).toEqual([]);
  });

  test("that cannot be written is told, and its connection ends", async () => {
    const rejections = unhandledRejections();
    const told: unknown[] = [];
    const broken = new Error("no such header");
    const handler = metricsHandler(new Rendered(), { onError: (error) => told.push(error) });
    const server = await listening((incoming, response) => {
      response.appendHeader = () => {
        throw broken;
      };
      handler(incoming, response);
    });
    await expect(ask(server)).rejects.toThrow("socket hang up");
    expect(told).toEqual([broken]);
    expect(rejections).toEqual([]);
  });

  test("keeps the headers that others have set", async () => {
    const handler = metricsHandler(new Rendered());
    const server = await listening((incoming, response) => {
      response.setHeader("X-Request-Id", "7");
      handler(incoming, response);
    });
    expect((await ask(server)).headers).toMatchObject({ ...ALWAYS, "x-request-id": "7" });
  });

  test.each([
    ["of metrics", 200, {}],
    ["of a 406", 406, { accept: "text/html" }],
  ])("%s leaves what was said before of its readers and of caches", async (_, status, headers) => {
    const handler = metricsHandler(new Rendered());
    const server = await listening((incoming, response) => {
      response.setHeader("Vary", "Origin");
      response.setHeader("Cache-Control", "private");
      response.setHeader("X-Content-Type-Options", "something else");
      handler(incoming, response);
    });
    const answer = await ask(server, { headers });
    expect(answer.status).toBe(status);
    expect(answer.headers).toMatchObject({
      vary: "Origin, Accept, Accept-Encoding",
      "cache-control": "private",
      "x-content-type-options": "nosniff",
    });
  });

  test("gets no listeners, nor do its request, connection and server", async () => {
    const handler = metricsHandler(new Rendered());
    const counts: string[] = [];
    let connection: Socket | undefined;
    const server = await listening((incoming, response) => {
      connection = incoming.socket;
      const count = () =>
        JSON.stringify(
          [incoming, response, incoming.socket, server].map((emitter) =>
            emitter.eventNames().map((name) => [String(name), emitter.listenerCount(name)]),
          ),
        );
      const before = count();
      handler(incoming, response);
      expect(count()).toBe(before);
      counts.push(before);
    });
    const agent = oneConnection();
    for (let turn = 0; turn < 30; turn++) {
      expect((await ask(server, { agent, method: turn % 2 === 0 ? "GET" : "HEAD" })).status).toBe(
        200,
      );
    }
    expect(connection).toBeDefined();
    // The first request of a connection is another; from then on they are alike.
    expect(new Set(counts.slice(2)).size).toBe(1);
  });
});

describe("of a real runtime", () => {
  const NOT_RUNNING =
    /^ERR_METRICS_RUNTIME_INVALID_STATE: invalid metrics runtime state '(STOPPING|CLOSED)', expected 'RUNNING'\n$/;

  test("what it has, and when it was shut down a 503", async () => {
    const runtime = startedRuntime();
    runtime.createRecorder("a").counter("hits", { help: "" }).add(3);
    const server = await served(runtime);
    for (const coding of ["identity", "gzip"]) {
      const { status, body } = await ask(server, { headers: { "accept-encoding": coding } });
      expect(status).toBe(200);
      const text = (coding === "gzip" ? gunzipSync(body) : body).toString();
      expect(text).toContain('\ntest_hits_total{recorder="a"} 3\n');
    }
    runtime.shutdown();
    const { status, body } = await ask(server);
    expect(status).toBe(503);
    expect(body.toString()).toMatch(NOT_RUNNING);
  });

  test("a shutdown in the middle of a render is a 503", async () => {
    const SERIES = 30_000;
    const runtime = startedRuntime();
    const options = { help: "", labels: ["n"], maxSeries: SERIES, buckets: [1, 2, 3] } as const;
    const took = runtime.createRecorder("a").histogram("took", options);
    for (let n = 0; n < SERIES; n++) took.record(n % 7, { n: `${n}` });
    const told: unknown[] = [];
    let begun: Promise<Uint8Array> | undefined;
    const render: Renderable["render"] = (format, options) => {
      begun = runtime.render(format, options);
      return begun;
    };
    const server = await served({ render }, { onError: (error) => told.push(error) });
    const asked = ask(server);
    await waitUntil(
      () => begun !== undefined,
      () => begun,
    );
    runtime.shutdown();
    const { status, body } = await asked;
    expect(status).toBe(503);
    expect(body.toString()).toMatch(NOT_RUNNING);
    expect(told).toEqual([expect.objectContaining({ name: "MetricsRuntimeInvalidStateError" })]);
  });

  test("of one recorder, and when it was removed a 503", async () => {
    const runtime = startedRuntime();
    const recorder = runtime.createRecorder("a");
    recorder.counter("hits", { help: "" }).add(3);
    const server = await served(recorder);
    const before = await ask(server);
    expect(before.body.toString()).toContain('\ntest_hits_total{recorder="a"} 3\n');
    runtime.stopAndRemoveRecorder("a");
    const { status, body } = await ask(server);
    expect([status, body.toString()]).toEqual([
      503,
      "ERR_METRICS_RECORDER_UNEXPECTED: unexpected metrics recorder error -> " +
        "ERR_METRICS_RUNTIME_RECORDER_NOT_FOUND: metrics runtime recorder error -> " +
        "metrics recorder with 'a' not found\n",
    ]);
  });
});
