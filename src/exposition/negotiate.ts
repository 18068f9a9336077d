import { checkBoolean, checkOptions } from "../errors/argument-checks.js";
import { invalidArgType } from "../errors/argument-errors.js";
import { chooseCoding } from "./content-coding.js";
import type { ExpositionFormat } from "./exposition-format.js";
import { chooseFormat } from "./media-ranges.js";

/** What a client is to get. */
export interface Negotiated {
  /** What to render. */
  readonly format: ExpositionFormat;
  /** For the response; may say more than {@link contentTypes} of the format: `; escaping=underscores`. */
  readonly contentType: string;
  /** Compressed, with `Content-Encoding: gzip`. */
  readonly gzip: boolean;
}

/** What the server can do. */
export interface NegotiateOptions {
  /** `false`: the server does not compress. Default: `true`. */
  readonly gzip?: boolean | undefined;
}

/**
 * What the headers of a request ask for, by the rules of RFC 9110: weights, wildcards, the closest range
 * decides. Formats that are wanted alike come in the order of {@link ExpositionFormat}, those that were named
 * before those that a wildcard lets pass.
 *
 * What is absent, empty, longer than 8 192 characters or cannot be read asks for nothing: text 0.0.4,
 * uncompressed. Any text will do: it never throws for one, and takes time in proportion to its length.
 *
 * @param accept the `Accept` header
 * @param acceptEncoding the `Accept-Encoding` header
 * @returns `undefined` when the headers can be read and exclude all that there is: answer 406
 * @throws TypeError `ERR_INVALID_ARG_TYPE`: a header that is neither a string nor `undefined`;
 * `ERR_INVALID_ARG_VALUE`: an unknown option
 *
 * @example
 * ```ts
 * const { accept, "accept-encoding": acceptEncoding } = request.headers;
 * const negotiated = negotiate(accept, acceptEncoding);
 * ```
 */
export function negotiate(
  accept: string | undefined,
  acceptEncoding?: string | undefined,
  options: NegotiateOptions = {},
): Negotiated | undefined {
  const { gzip: given } = checkOptions("options", options, ["gzip"]);
  checkHeader("accept", accept);
  checkHeader("acceptEncoding", acceptEncoding);
  const canGzip = given === undefined ? true : checkBoolean("options.gzip", given);

  const chosen = chooseFormat(accept);
  const coding = chooseCoding(acceptEncoding, canGzip);
  if (chosen === undefined || coding === undefined) return undefined;
  return { ...chosen, gzip: coding === "gzip" };
}

function checkHeader(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== "string") {
    throw invalidArgType(name, "of type string or undefined", value);
  }
}
