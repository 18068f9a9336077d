// What `npm run verify:full` runs, in this order, and what stands in docs/reliability.md about each.

/**
 * @typedef {object} Check
 * @property {string} name as `--only` has it
 * @property {string} about what it shows, for the page
 * @property {readonly string[]} command
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} limitMinutes a multiple of what it takes
 */

const npm = (/** @type {string} */ script, /** @type {string[]} */ ...args) => [
  "npm",
  "run",
  "--silent",
  script,
  ...(args.length > 0 ? ["--", ...args] : []),
];

/** @type {readonly Check[]} */
export const CHECKS = [
  {
    name: "models",
    about: "the ring protocol and the loop's sleep, wake and close, every interleaving or state",
    command: npm("test:models"),
    limitMinutes: 20,
  },
  {
    name: "clang-tidy",
    about: "bugprone, concurrency, performance and the static analyzer",
    command: npm("lint:native"),
    limitMinutes: 40,
  },
  {
    name: "asan",
    about: "bad accesses, undefined behaviour and leaks in the native tests",
    command: npm("test:asan"),
    limitMinutes: 60,
  },
  {
    name: "tsan",
    about: "data races and lock order in the native tests",
    command: npm("test:tsan"),
    limitMinutes: 60,
  },
  {
    name: "valgrind",
    about: "reads of what was never written, and bad accesses, in the native tests",
    command: npm("test:valgrind"),
    limitMinutes: 120,
  },
  {
    name: "addon-asan",
    about: "bad accesses and undefined behaviour of the addon in Node.js",
    command: npm("test:addon-asan"),
    limitMinutes: 60,
  },
  {
    name: "leaks",
    about: "memory that starting and shutting down leaves behind",
    command: npm("test:leaks"),
    limitMinutes: 20,
  },
  {
    name: "nodes",
    about: "the tests of behaviour on each version of Node.js, on the published binary",
    command: npm("test:nodes"),
    limitMinutes: 120,
  },
  {
    name: "sequence-soak",
    about: "the order of plain stores, on each version of Node.js",
    command: npm("soak:sequence", "--seconds", "60"),
    limitMinutes: 60,
  },
  {
    name: "endings",
    about: "every way to end, in every state, on each version of Node.js",
    command: ["node", "scripts/run-endings.mjs", "--nodes"],
    limitMinutes: 60,
  },
  {
    name: "schedules",
    about: "random steps of four threads, beside a model",
    command: ["npx", "vitest", "run", "--project=behaviour", "test/stress/schedule.test.ts"],
    env: { SCHEDULE_SEEDS: "20" },
    limitMinutes: 30,
  },
  {
    name: "coverage",
    about: "lines that the tests run",
    command: npm("coverage"),
    limitMinutes: 60,
  },
  {
    name: "fuzz",
    about: "hostile memory, definitions, names and headers; all targets at a time",
    command: npm("fuzz", "--seconds", "1800", "--jobs", "6"),
    limitMinutes: 60,
  },
  {
    name: "soak",
    about: "everything at once, counted exactly",
    command: npm("soak", "--minutes", "30"),
    limitMinutes: 45,
  },
  {
    name: "seeded-bugs",
    about: "each check finds what it is there to find",
    command: npm("verify:seeded"),
    limitMinutes: 120,
  },
];
