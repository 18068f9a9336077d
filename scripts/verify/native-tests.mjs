// `npm run test:tsan`, `test:asan`, `test:valgrind`: the native tests, unit and stress, under what sees races, bad
// accesses, undefined behaviour and leaks. `-- --tests <regular expression>`: those alone, by CTest's names.
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { failed, figure, run } from "./command.mjs";

/** The first is what the tool says in one line about what it found. */
const TOOLS = {
  thread: {
    check: "native tests, ThreadSanitizer",
    found: /SUMMARY: ThreadSanitizer: .*/,
    options: ["-DMETRICS_RUNTIME_SANITIZE=thread"],
    env: { TSAN_OPTIONS: "halt_on_error=1 second_deadlock_stack=1" },
  },
  address: {
    check: "native tests, AddressSanitizer with LeakSanitizer and UndefinedBehaviorSanitizer",
    found: /SUMMARY: (?:Address|Leak|UndefinedBehavior)Sanitizer: .*|runtime error: .*/,
    options: ["-DMETRICS_RUNTIME_SANITIZE=address,undefined"],
    env: {
      ASAN_OPTIONS: "detect_leaks=1 detect_stack_use_after_return=1 strict_init_order=1",
      UBSAN_OPTIONS: "halt_on_error=1 print_stacktrace=1",
    },
  },
  valgrind: {
    check: "native tests, Valgrind memcheck",
    found:
      /==\d+== (?:Invalid|Conditional jump|Use of uninit|Mismatched|Syscall param|.* are definitely lost).*/,
    options: ["-DMETRICS_RUNTIME_VALGRIND=ON"],
    env: {},
  },
};

const { values, positionals } = parseArgs({
  options: { tests: { type: "string" } },
  allowPositionals: true,
});
const [name = ""] = positionals;
if (!Object.hasOwn(TOOLS, name)) throw new Error(`one of ${Object.keys(TOOLS)}, not "${name}"`);
const { check, found, options, env } = TOOLS[name];

const folder = `out/sanitized/${name}`;
const jobs = String(availableParallelism());
if (!(await built())) failed(check, "it does not compile");
else await test();

async function built() {
  const configure = ["cmake", "-S", ".", "-B", folder, "-DMETRICS_RUNTIME_NATIVE_TESTS=ON"];
  const build = ["cmake", "--build", folder, "--parallel", jobs];
  return (await run([...configure, ...options])).ok && (await run(build)).ok;
}

async function test() {
  const ctest = ["ctest", "--test-dir", folder, "--output-on-failure", "--parallel", jobs];
  const selected = values.tests === undefined ? [] : ["-R", values.tests];
  /** CTest shows the output of a failed test behind its name. */
  let current = "";
  let [tests, failures] = ["0", "0"];
  /** @type {Map<string, string>} */
  const broken = new Map();
  const onLine = (/** @type {string} */ line) => {
    const [, ended, how] = /Test +#\d+: (.*?) \.*(\*\*\*\w+| {3}Passed)/.exec(line) ?? [];
    if (ended !== undefined) current = ended;
    if (how?.startsWith("***")) broken.set(current, how.slice(3));
    const [told] = found.exec(line) ?? [];
    if (told !== undefined && !broken.get(current)?.includes(": ")) {
      broken.set(current, `${broken.get(current)}: ${told}`);
    }
    const [, left, all] = /tests passed, (\d+) tests failed out of (\d+)/.exec(line) ?? [];
    if (left !== undefined && all !== undefined) [failures, tests] = [left, all];
  };
  const { ok, how } = await run([...ctest, ...selected], { env, onLine });
  for (const [test, told] of broken) failed(check, `${test}: ${told}`);
  if (!ok && broken.size === 0) failed(check, how);
  if (tests === "0") failed(check, "no test ran");
  figure(check, "tests", tests);
  figure(check, "failures", failures);
}
