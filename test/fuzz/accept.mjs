// Headers that mean no good, and headers whose meaning is known, through content negotiation.
import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { demand } from "./oracle.mjs";

const require = createRequire(import.meta.url);
const { negotiate } = require("../../dist/exposition/negotiate.js");
const { contentTypes } = require("../../dist/exposition/exposition-format.js");

/** In the server's order. */
const MEDIA_TYPES = {
  prometheus: "text/plain",
  openmetrics: "application/openmetrics-text",
  protobuf: "application/vnd.google.protobuf",
  json: "application/json",
};
/** Far more than a few passes over the longest header take, on any machine. */
const MOST_MICROSECONDS = 1_000_000;

/** The first byte tells which of the two it is. */
export function fuzz(bytes) {
  if (bytes.length === 0) return;
  if ((bytes[0] & 1) === 0) tryText(bytes.subarray(1));
  else tryKnownMeaning(bytes.subarray(1));
}

/** Any header is answered, and what does not matter changes nothing. */
function tryText(bytes) {
  const [accept = "", acceptEncoding = ""] = bytes.toString("latin1").split("\n", 2);
  const began = process.cpuUsage();
  const negotiated = negotiate(accept, acceptEncoding);
  const { user } = process.cpuUsage(began);
  demand(user < MOST_MICROSECONDS, "negotiate takes more time than in proportion to the length");
  demandDocumented(negotiated);
  const same = (otherAccept, otherEncoding, what) =>
    demand(isDeepStrictEqual(negotiate(otherAccept, otherEncoding), negotiated), what);

  same(accept, acceptEncoding, "negotiate answers the same request otherwise");
  same(upper(accept), upper(acceptEncoding), "negotiate answers another letter case otherwise");
  if (accept.length < 4_000 && acceptEncoding.length < 4_000) {
    same(`\t ${accept} `, ` ${acceptEncoding}\t`, "negotiate answers blank space around otherwise");
    if (!accept.includes('"')) {
      same(`, ${accept},`, acceptEncoding, "negotiate answers empty elements otherwise");
    }
  }
  const plain = negotiate(accept, acceptEncoding, { gzip: false });
  demand(plain?.gzip !== true, "negotiate compresses for a server that cannot");
  if (plain !== undefined && negotiated !== undefined) {
    demand(plain.format === negotiated.format, "negotiate lets compression choose the format");
  }
}

function demandDocumented(negotiated) {
  if (negotiated === undefined) return;
  const { format, contentType, gzip } = negotiated;
  demand(Object.hasOwn(contentTypes, format), "negotiate gives a format that there is not");
  const own = contentTypes[format];
  demand(
    contentType === own || contentType === `${own}; escaping=underscores`,
    "negotiate gives a content type that is not the format's",
  );
  demand(typeof gzip === "boolean", "negotiate does not tell whether to compress");
}

const upper = (text) => text.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase());

/** Headers made of parts whose meaning is plain, so that the right answer is known. */
function tryKnownMeaning(bytes) {
  let at = 0;
  const next = () => bytes[at++] ?? 0;
  /** Some of these names with weights, as a header in any order, and as what it means. */
  const header = (names) => {
    const weights = new Map();
    const elements = [];
    for (const name of names) {
      const weight = WEIGHTS[next() % WEIGHTS.length];
      if (weight === undefined) continue;
      weights.set(name, weight);
      elements.splice(next() % (elements.length + 1), 0, spelled(name, weight, next()));
    }
    return { weights, text: elements.join(",") };
  };
  const ranges = header([...Object.values(MEDIA_TYPES), "*/*"]);
  const codings = header(["gzip", "identity", "*"]);
  const negotiated = negotiate(ranges.text, codings.text);
  const expected = expectedOf(ranges.weights, codings.weights);
  demand(
    negotiated?.format === expected?.format && negotiated?.gzip === expected?.gzip,
    "negotiate answers plain headers otherwise than RFC 9110 says",
  );
}

/** In thousandths; `undefined`: it is not named. */
const WEIGHTS = [undefined, 0, 1, 100, 333, 500, 999, 1_000];

/** One of the ways to write it. */
function spelled(name, weight, how) {
  const written = (how & 16) === 0 ? name : upper(name);
  const blank = (how & 8) === 0 ? "" : " \t";
  if (weight === 1_000 && (how & 2) === 0) return blank + written + blank;
  const q = (how & 4) === 0 ? "q" : "Q";
  const value = (how & 1) === 0 ? String(weight / 1_000) : (weight / 1_000).toFixed(3);
  return `${blank}${written}${blank};${blank}${q}=${value}${blank}`;
}

/** Who says nothing gets text; what is named comes before what a wildcard lets pass. */
function expectedOf(ranges, codings) {
  let format = ranges.size === 0 ? "prometheus" : undefined;
  let best = { weight: 0, named: true };
  for (const [name, mediaType] of Object.entries(MEDIA_TYPES)) {
    const named = ranges.has(mediaType);
    const weight = ranges.get(mediaType) ?? ranges.get("*/*") ?? 0;
    const better = weight === best.weight ? named && !best.named : weight > best.weight;
    if (!better) continue;
    best = { weight, named };
    format = name;
  }
  const gzip = codings.get("gzip") ?? codings.get("*");
  const identity = codings.get("identity") ?? codings.get("*");
  const compressed = gzip !== undefined && gzip > 0 && gzip >= (identity ?? 0);
  if (format === undefined || (!compressed && identity === 0)) return undefined;
  return { format, gzip: compressed };
}
