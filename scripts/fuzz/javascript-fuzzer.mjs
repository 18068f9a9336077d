#!/usr/bin/env node
// A target in JavaScript as a program like the native ones, with libFuzzer's options: it exports
// `fuzz(bytes)`, which throws when something is wrong, and METRICS_RUNTIME_FUZZ_TARGET is its path. What
// it requires of dist/ is instrumented by jazzer.js; libFuzzer is native/fuzz/node/libfuzzer.cc.
//
// libFuzzer never lets go of its thread, and what the addon has freed is only given back in turns of an event
// loop. So libFuzzer has the main thread, and the target one of its own, which has turns between two inputs.
import { once } from "node:events";
import { createRequire } from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** Of the first word of what both threads share: whose turn it is. */
const FUZZERS = 0;
const TARGETS = 1;
const FAILED = 2;
/** Behind two words: the input, or with what the target has failed. */
const MOST_BYTES = 1 << 20;
const WORDS_BYTES = 8;

const require = createRequire(import.meta.url);
const root = join(import.meta.dirname, "..", "..");
const libfuzzer = require(join(root, "out", "fuzz", "build", "native", "fuzz", "libfuzzer.node"));

if (isMainThread) {
  const shared = new SharedArrayBuffer(WORDS_BYTES + MOST_BYTES);
  const words = new Int32Array(shared, 0, 2);
  const bytes = Buffer.from(shared, WORDS_BYTES);
  await once(new Worker(import.meta.filename, { workerData: shared }), "message");
  // libFuzzer runs itself anew to merge: as this program.
  const program = [import.meta.filename, ...process.argv.slice(2)];
  const status = libfuzzer.run(program, (input) => {
    words[1] = input.copy(bytes);
    Atomics.store(words, 0, TARGETS);
    Atomics.notify(words, 0);
    Atomics.wait(words, 0, TARGETS);
    if (Atomics.load(words, 0) === FAILED) throw bytes.toString("utf8", 0, words[1]);
  });
  process.exit(status);
} else {
  const words = new Int32Array(workerData, 0, 2);
  const bytes = Buffer.from(workerData, WORDS_BYTES);
  instrumentWhatIsRequired();
  const { fuzz } = await import(pathToFileURL(process.env.METRICS_RUNTIME_FUZZ_TARGET).href);
  parentPort.postMessage("ready");
  for (;;) {
    Atomics.wait(words, 0, FUZZERS);
    let next = FUZZERS;
    try {
      fuzz(Buffer.from(bytes.subarray(0, words[1])));
    } catch (error) {
      words[1] = bytes.write(String(error?.stack ?? error));
      next = FAILED;
    }
    await setImmediate();
    Atomics.store(words, 0, next);
    Atomics.notify(words, 0);
  }
}

function instrumentWhatIsRequired() {
  // In the place of the binary that jazzer.js brings along.
  const jazzer = dirname(require.resolve("@jazzer.js/fuzzer/package.json"));
  const binary = join(jazzer, "prebuilds", `fuzzer-${process.platform}-${process.arch}.node`);
  require.cache[binary] = { id: binary, filename: binary, loaded: true, exports: libfuzzer };
  /** What instrumented code calls. */
  globalThis.Fuzzer = require("@jazzer.js/fuzzer").fuzzer;
  const { Instrumentor, registerInstrumentor } = require("@jazzer.js/instrumentor");
  registerInstrumentor(new Instrumentor([join(root, "dist")], ["node_modules"]));
  // A dependency of these listens to signals that are libFuzzer's: SIGABRT, SIGALRM and others.
  for (const signal of Object.keys(constants.signals)) process.removeAllListeners(signal);
}
