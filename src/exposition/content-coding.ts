/** Which coding an Accept-Encoding header wants, of the two that there are: RFC 9110, 12.5.3. */
import { parseWeightedList, type WeightedElement } from "./weighted-list.js";

export type ContentCoding = "gzip" | "identity";

/** Both names mean the same: RFC 9110, 8.4.1.3. */
const GZIP_NAMES: readonly string[] = ["gzip", "x-gzip"];
const IDENTITY_NAMES: readonly string[] = ["identity"];

/**
 * Who names no coding gets none, though he may be given any: it might be a person with curl.
 *
 * @param acceptEncoding a whole header; `undefined`: there is none
 * @param canGzip whether there is a choice
 * @returns `undefined` when the client says that it takes neither
 */
export function chooseCoding(
  acceptEncoding: string | undefined,
  canGzip: boolean,
): ContentCoding | undefined {
  const { elements, unreadable } = parseWeightedList(acceptEncoding ?? "");
  const gzip = canGzip ? weightOf(GZIP_NAMES, elements) : undefined;
  const identity = weightOf(IDENTITY_NAMES, elements);
  // Where both are wanted alike, the shorter.
  if (gzip !== undefined && gzip > 0 && gzip >= (identity ?? 0)) return "gzip";
  return identity === 0 && !unreadable ? undefined : "identity";
}

/** The weight that its own names give it, else that of the wildcard; `undefined`: neither is there. */
function weightOf(
  names: readonly string[],
  elements: readonly WeightedElement[],
): number | undefined {
  const named = elements.filter(({ name }) => names.includes(name));
  const saying = named.length > 0 ? named : elements.filter(({ name }) => name === "*");
  if (saying.length === 0) return undefined;
  return saying.reduce((most, { weight }) => Math.max(most, weight), 0);
}
