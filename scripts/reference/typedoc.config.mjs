// What TypeDoc makes of src/index.ts and docs/, into out/reference/. Whatever it finds fault with is an error.
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** Types that the compiler finds by itself: nobody writes their names. */
const INFERRED = [
  "ComparableNames",
  "CountableName",
  "EachFieldOnce",
  "EmitterArguments",
  "GroupBy",
  "Grouped",
  "Method",
  "NumericName",
  "Payload",
  "Takes",
  "Verb",
];
/** Of what the library alone makes: its errors and dimensions. */
const OURS = [
  "Aggregation",
  "DimensionParts",
  "DimensionSource",
  "MetricsErrorOptions",
  "RecorderFault",
];

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  name: "metrics-runtime",
  entryPoints: [join(root, "src", "index.ts")],
  tsconfig: join(root, "tsconfig.build.json"),
  out: join(root, "out", "reference"),
  readme: join(root, "docs", "README.md"),
  projectDocuments: ["!(README).md", "adr/*.md"].map((files) => join(root, "docs", files)),
  ignoredHighlightLanguages: ["promql"],
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  treatWarningsAsErrors: true,
  intentionallyNotExported: [...INFERRED, ...OURS],
  // Not constructors: those of errors take what the library has at hand.
  requiredToBeDocumented: [
    "Accessor",
    "Class",
    "Function",
    "Interface",
    "Method",
    "Property",
    "TypeAlias",
    "Variable",
  ],
  validation: {
    invalidLink: true,
    invalidPath: true,
    notDocumented: true,
    notExported: true,
    rewrittenLink: true,
  },
};
