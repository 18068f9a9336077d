// Figures and failures from what a check prints. Checks of this project print them as such (command.mjs); what
// other programs print is read here.

/** @typedef {[what: string, value: string]} Figure */

/** What vitest says at the end, and of each test that failed. */
const VITEST = /^ +Tests +(?:\d+ failed \| )?(?<passed>\d+) passed/;
const VITEST_FAILED = /^ FAIL +(.*)/;

/** @type {(line: string) => Figure | undefined} */
function ofVitest(line) {
  const tests = VITEST.exec(line)?.groups?.passed;
  return tests === undefined ? undefined : ["tests passed", tests];
}

/** @type {Record<string, (line: string) => Figure | undefined>} */
const READERS = {
  models(line) {
    const [, ring, ended, executions] =
      /ok +(.*?): (holds in .*?|broken, found in execution )(\d+)/.exec(line) ?? [];
    if (ring !== undefined) {
      const found = ended?.startsWith("broken");
      return [
        ring,
        found ? `found in execution ${executions}` : `${ended}${executions} executions`,
      ];
    }
    const [, loop, errors, states] =
      /^ok +(.*): (\d+) errors, states stored: (.*)/.exec(line) ?? [];
    if (loop === undefined) return undefined;
    return [loop, `${errors === "0" ? "holds" : "found"}; states: ${states}`];
  },
  nodes: ofVitest,
  endings: ofVitest,
  schedules: ofVitest,
};

/** @param {string} check */
export function readFigures(check) {
  /** @type {Figure[]} */
  const figures = [];
  /** @type {string[]} */
  const failures = [];
  /** Where a check runs for several versions of Node.js: that of the lines which come. */
  let part = "";
  return {
    figures,
    failures,
    /** @param {string} coloured */
    line(coloured) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
      const line = coloured.replaceAll(/\u001b\[[\d;]*m/g, "");
      part = /^=== (Node \S+)$/.exec(line)?.[1] ?? part;
      const of = (/** @type {string} */ what) => (part === "" ? what : `${part}: ${what}`);
      const [, subject, what, value] = /^figure: (.*?) \| (.*?) \| (.*)$/.exec(line) ?? [];
      if (subject !== undefined) figures.push([`${subject}: ${what}`, String(value)]);
      const own = READERS[check]?.(line);
      if (own !== undefined) figures.push([of(own[0]), own[1]]);
      if (/^(?:\d+: )?FAILED /.test(line)) failures.push(line);
      const [, test] = VITEST_FAILED.exec(line) ?? [];
      if (test !== undefined) failures.push(`FAILED ${check}: ${of(test)}`);
    },
  };
}
