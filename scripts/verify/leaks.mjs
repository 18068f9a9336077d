// `npm run test:leaks`: starts and shuts down runtimes, with all that they can have, in a Node.js under LeakSanitizer.
// What Node.js itself does not give back at its end is not ours: a leak counts when its memory was allocated by the
// addon. `-- --cycles 50`. Linux, GCC.
import { parseArgs } from "node:util";
import { buildAsanAddon, inAsan } from "./asan-addon.mjs";
import { failed, figure, run } from "./command.mjs";

const CHECK = "starts and shutdowns, LeakSanitizer";

const { values } = parseArgs({ options: { cycles: { type: "string", default: "200" } } });
if (!(await buildAsanAddon())) failed(CHECK, "it does not compile");
else await cycle();

async function cycle() {
  /** The stack of the leak that is being told, up to the addon. @type {string[]} */
  let leak = [];
  let blocks = 0;
  let ours = 0;
  const onLine = (/** @type {string} */ line) => {
    if (/LeakSanitizer has encountered a fatal error/.test(line)) failed(CHECK, "it cannot look");
    if (/^(?:Direct|Indirect) leak of/.test(line)) {
      blocks++;
      leak = [line];
      return;
    }
    if (leak.length === 0) return;
    // By its function where the sanitizer knows it, else by the file.
    if (!/ metrics_runtime::|metrics_runtime\.node/.test(line)) return;
    ours++;
    failed(CHECK, `${leak[0]} ${line.trim()}`);
    leak = [];
  };
  const program = ["node", "--expose-gc", "test/fixtures/leaks.mjs", values.cycles];
  const { how } = await run(program, {
    // Symbols need no symbolizer of their own: GCC's sanitizer reads the lines from the addon.
    env: inAsan({ detect_leaks: "1", exitcode: "0", fast_unwind_on_malloc: "0" }),
    quiet: true,
    onLine,
  });
  if (how !== "exit code 0") failed(CHECK, how);
  figure(CHECK, "cycles", values.cycles);
  figure(CHECK, "blocks that Node.js keeps", blocks - ours);
  figure(CHECK, "leaks of the addon", ours);
}
