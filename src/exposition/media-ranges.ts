/** Which format an Accept header wants: RFC 9110, 12.5.1. */
import { contentTypes, ExpositionFormat } from "./exposition-format.js";
import { parseWeightedList, type WeightedElement } from "./weighted-list.js";

/** A format as media ranges name it. */
interface Offer {
  readonly format: ExpositionFormat;
  /** `text` */
  readonly type: string;
  /** `text/plain` */
  readonly mediaType: string;
  /**
   * Parameters that tell what a range means; others are ignored, and so is a charset: it is UTF-8 whoever
   * asks. For each the value that the format has, then those whose readers read it too. In lower case.
   */
  readonly parameters: Readonly<Record<string, readonly [own: string, ...readable: string[]]>>;
}

/**
 * The server's preference, which decides between formats that a client wants alike. Scrapers say what
 * they prefer, by weights; those who do not are people, browsers and programs that send a wildcard, and text
 * is what all of them read.
 *
 * The text format 1.0.0 differs from 0.0.4 in names in quotes, which ours never need: who reads 1.0.0
 * reads it. Likewise who reads OpenMetrics 0.0.1, which Prometheus up to 2.30 asked for alone, reads 1.0.0.
 */
const OFFERS: readonly Offer[] = [
  {
    format: ExpositionFormat.PROMETHEUS,
    type: "text",
    mediaType: "text/plain",
    parameters: { version: ["0.0.4", "1.0.0"] },
  },
  {
    format: ExpositionFormat.OPENMETRICS,
    type: "application",
    mediaType: "application/openmetrics-text",
    parameters: { version: ["1.0.0", "0.0.1"] },
  },
  {
    format: ExpositionFormat.PROTOBUF,
    type: "application",
    mediaType: "application/vnd.google.protobuf",
    parameters: { proto: ["io.prometheus.client.metricfamily"], encoding: ["delimited"] },
  },
  {
    format: ExpositionFormat.JSON,
    type: "application",
    mediaType: "application/json",
    parameters: {},
  },
];

/** How closely a range names a format: what is closer comes first, whatever its weight. */
const ANY = 0;
const ANY_OF_TYPE = 1;
/** A version that is not ours, but whose readers read ours. */
const READABLE = 2;
/** The media type, and one more for each parameter that is the same. */
const NAMED = 3;

interface Match {
  readonly offer: Offer;
  readonly range: WeightedElement;
  readonly closeness: number;
}

export interface ChosenFormat {
  readonly format: ExpositionFormat;
  readonly contentType: string;
}

/**
 * @param accept a whole header; `undefined`: there is none
 * @returns `undefined` when the client says that it takes none of the formats
 */
export function chooseFormat(accept: string | undefined): ChosenFormat | undefined {
  const { elements, unreadable } = parseWeightedList(accept ?? "");
  const ranges = elements.filter(({ name }) => isMediaRange(name));
  const best = bestOf(ranges);
  if (best !== undefined) {
    return { format: best.offer.format, contentType: contentTypeOf(best) };
  }
  // Nothing was said, or nobody can tell what: better metrics than none.
  const excludesAll = !unreadable && ranges.length === elements.length && ranges.length > 0;
  return excludesAll ? undefined : { format: "prometheus", contentType: contentTypes.prometheus };
}

function isMediaRange(name: string): boolean {
  const slash = name.indexOf("/");
  return slash > 0 && slash === name.lastIndexOf("/") && slash < name.length - 1;
}

function bestOf(ranges: readonly WeightedElement[]): Match | undefined {
  let best: Match | undefined;
  for (const offer of OFFERS) {
    const match = closestMatch(offer, ranges);
    if (match === undefined || match.range.weight === 0) continue;
    if (best === undefined || isPreferred(match, best)) best = match;
  }
  return best;
}

/** Of formats that are wanted alike, one that was named comes before one that a wildcard lets pass. */
function isPreferred(match: Match, best: Match): boolean {
  const difference = match.range.weight - best.range.weight;
  if (difference !== 0) return difference > 0;
  return match.closeness >= READABLE && best.closeness < READABLE;
}

/** The range that says how much a format is wanted: the closest, and among such the one of most weight. */
function closestMatch(offer: Offer, ranges: readonly WeightedElement[]): Match | undefined {
  let closest: Match | undefined;
  for (const range of ranges) {
    const closeness = closenessOf(offer, range);
    if (closeness === undefined) continue;
    // Who does not want another version has not said that he does not want ours.
    if (closeness === READABLE && range.weight === 0) continue;
    const difference = closeness - (closest?.closeness ?? -1);
    if (difference > 0 || (difference === 0 && range.weight > (closest?.range.weight ?? 0))) {
      closest = { offer, range, closeness };
    }
  }
  return closest;
}

/** `undefined`: the range does not mean this format. Parameters tell something of a media type that is named. */
function closenessOf(offer: Offer, { name, parameters }: WeightedElement): number | undefined {
  if (name === "*/*") return ANY;
  if (name === `${offer.type}/*`) return ANY_OF_TYPE;
  if (name !== offer.mediaType) return undefined;
  let closeness = NAMED;
  let readable = false;
  for (const [key, [own, ...others]] of Object.entries(offer.parameters)) {
    const value = parameters.get(key)?.toLowerCase();
    if (value === own) closeness++;
    else if (value !== undefined && others.includes(value)) readable = true;
    else if (value !== undefined) return undefined;
  }
  return readable ? READABLE : closeness;
}

/** The values of `escaping`: how names are to be written that are not legal as they are. */
const ESCAPING_SCHEMES: readonly string[] = ["allow-utf-8", "underscores", "dots", "values"];

/** Names are legal without any escaping, under every scheme: who knows of schemes is told the plainest. */
function contentTypeOf({ offer, range }: Match): string {
  const contentType = contentTypes[offer.format];
  const scheme = range.parameters.get("escaping")?.toLowerCase();
  const named = scheme !== undefined && ESCAPING_SCHEMES.includes(scheme);
  return named && offer.format !== "json" ? `${contentType}; escaping=underscores` : contentType;
}
