/** What there is to fuzz: the programs of native/fuzz/, and those in JavaScript of test/fuzz/. */
import { existsSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..", "..");
/** Everything that a run makes. */
export const out = join(root, "out", "fuzz");
export const build = join(out, "build");
const programs = join(build, "native", "fuzz");

const NATIVE = ["names", "renderers", "ring_memory", "slot_memory"];
const JAVASCRIPT = ["accept", "definitions"];
const ON_THE_ADDON = ["definitions"];

/**
 * @typedef {object} Target
 * @property {string} name
 * @property {boolean} native
 * @property {boolean} addon whether it runs on the development addon
 * @property {string} program what takes libFuzzer's arguments
 * @property {Record<string, string>} environment what it wants in its environment
 * @property {string} corpus the inputs in the repository
 * @property {string} grown where a run puts new ones
 * @property {string} failures where a run puts those that fail
 * @property {string | undefined} dictionary
 */

/** @type {readonly Target[]} */
export const targets = [
  ...NATIVE.map((name) => targetOf(name, "native/fuzz", join(programs, name), {})),
  ...JAVASCRIPT.map((name) =>
    targetOf(name, "test/fuzz", join(import.meta.dirname, "javascript-fuzzer.mjs"), {
      METRICS_RUNTIME_FUZZ_TARGET: join(root, "test", "fuzz", `${name}.mjs`),
    }),
  ),
];

/** @returns {Target} */
function targetOf(name, folder, program, environment) {
  const dictionary = join(root, folder, `${name}.dict`);
  return {
    name,
    native: NATIVE.includes(name),
    addon: ON_THE_ADDON.includes(name),
    program,
    environment,
    corpus: join(root, folder, "corpus", name),
    grown: join(out, name, "corpus"),
    failures: join(out, name, "failures"),
    dictionary: existsSync(dictionary) ? dictionary : undefined,
  };
}
