// `npm run fuzz`: builds the targets and runs each for some seconds; see "Fuzzing" in CONTRIBUTING.md.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildTargets } from "./build.mjs";
import { fromHere, fuzz, fuzzOnce, merge } from "./libfuzzer.mjs";
import { out, targets } from "./targets.mjs";

/** Inputs that once have failed stay, whatever they reach. */
const KEPT = /^regression-/;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "30" },
    only: { type: "string" },
    jobs: { type: "string", default: String(availableParallelism()) },
    input: { type: "string" },
    merge: { type: "boolean", default: false },
  },
});
const chosen = chosenTargets(values.only);
const seconds = wholeNumber("--seconds", values.seconds);
const jobs = wholeNumber("--jobs", values.jobs);
if (values.input !== undefined && chosen.length !== 1) {
  throw new Error("--input is for one target: --only <target>");
}

buildTargets(chosen);
if (values.input !== undefined) await reproduce(chosen[0], resolve(values.input));
else if (values.merge) await renewCorpora();
else await fuzzAll();

function chosenTargets(only) {
  const names = only?.split(",") ?? targets.map(({ name }) => name);
  return names.map((name) => {
    const target = targets.find((one) => one.name === name);
    if (target !== undefined) return target;
    throw new Error(`no target "${name}"; there are ${targets.map((one) => one.name).join(", ")}`);
  });
}

function wholeNumber(option, text) {
  if (/^[1-9][0-9]*$/.test(text)) return Number(text);
  throw new Error(`${option} must be a whole number above 0, not "${text}"`);
}

/** As many at a time as there may be. */
async function fuzzAll() {
  const waiting = [...chosen];
  const work = async () => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      report(target, await fuzz(target, seconds));
    }
  };
  await Promise.all(Array.from({ length: jobs }, work));
}

function report({ name }, outcome) {
  const figure = (what, value) => console.log(`figure: fuzz ${name} | ${what} | ${value}`);
  figure("executions", outcome.executions);
  figure("corpus", outcome.corpus);
  figure("failures", outcome.failure === undefined ? 0 : 1);
  figure("seconds", outcome.seconds);
  if (outcome.failure !== undefined) {
    fail(name, outcome.failure);
    console.log(`  all it said: ${fromHere(outcome.log)}`);
    if (outcome.input === undefined) return;
    console.log(`  again: npm run fuzz -- --only ${name} --input ${fromHere(outcome.input)}`);
  } else if (outcome.executions === 0 || outcome.corpus === 0) {
    fail(name, "it ran, and no input was run or found");
  }
}

async function reproduce(target, input) {
  const failure = await fuzzOnce(target, input);
  if (failure !== undefined) fail(target.name, failure);
}

/** Puts into the repository the fewest inputs that reach what all known ones reach. */
async function renewCorpora() {
  for (const target of chosen) {
    for (const folder of [target.grown, target.corpus]) mkdirSync(folder, { recursive: true });
    const merged = mkdtempSync(join(out, "merged-"));
    await merge(target, merged, [target.corpus, target.grown]);
    for (const file of readdirSync(target.corpus)) {
      if (!KEPT.test(file)) rmSync(join(target.corpus, file));
    }
    for (const file of readdirSync(merged)) {
      renameSync(join(merged, file), join(target.corpus, file));
    }
    rmSync(merged, { recursive: true });
    console.log(`fuzz ${target.name}: ${readdirSync(target.corpus).length} inputs`);
  }
}

function fail(name, what) {
  console.log(`FAILED fuzz ${name}: ${what}`);
  process.exitCode = 1;
}
