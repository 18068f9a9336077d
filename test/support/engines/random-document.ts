import { MetricsRuntime } from "metrics-runtime";
import { seededRandom } from "../seeded-random.js";
import { type ExposedFamily, exposedFamilies } from "./exposed-families.js";
import { type NamedFamily, TakenNames } from "./exposed-names.js";
import { fillRandomly } from "./random-metrics.js";
import { type Begun, type RenderedDocument, renderedIn } from "./rendered-document.js";

export interface RandomDocument {
  readonly seed: number;
  readonly expected: readonly ExposedFamily[];
  readonly rendered: RenderedDocument;
  readonly begun: Begun;
  /** How many registrations were refused, each rightly. */
  readonly refused: number;
}

/** One runtime from start to end; the same for the same seed. @param own of the library itself */
export function randomDocument(seed: number, own: readonly NamedFamily[]): RandomDocument {
  const from = Date.now() / 1000;
  const runtime = new MetricsRuntime({ namespace: "fuzz" });
  try {
    runtime.start();
    const taken = new TakenNames();
    taken.take(undefined, own);
    const { declared, refused } = fillRandomly(runtime, seededRandom(seed), taken);
    const expected = exposedFamilies(declared);
    const rendered = renderedIn(runtime);
    return { seed, expected, rendered, refused, begun: { from, to: Date.now() / 1000 } };
  } catch (error) {
    throw new Error(`of seed ${seed}`, { cause: error });
  } finally {
    runtime.shutdown();
  }
}
