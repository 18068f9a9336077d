// npm run demo: a document service under real load, and the proof that its metrics missed nothing. See README.md.
import { runDemo } from "./demo.js";
import { type DemoOptions, parseOptions, USAGE } from "./options.js";

const EXIT_DIFFERENT = 1;
const EXIT_BAD_ARGUMENTS = 2;
const EXIT_INTERRUPTED = 130;

const options = optionsOrUsage();
process.exitCode = options === undefined ? EXIT_BAD_ARGUMENTS : await run(options);

function optionsOrUsage(): DemoOptions | undefined {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${messageOf(error)}\n${USAGE}`);
    return undefined;
  }
}

async function run(demoOptions: DemoOptions): Promise<number> {
  const soon = new AbortController();
  const now = new AbortController();
  // The first one ends the load after its current round, so that there is something to compare; the second one at once.
  const interrupt = (): void => (soon.signal.aborted ? now.abort() : soon.abort());
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  try {
    const equal = await runDemo(demoOptions, { soon: soon.signal, now: now.signal });
    if (soon.signal.aborted) {
      return EXIT_INTERRUPTED;
    }
    return equal ? 0 : EXIT_DIFFERENT;
  } catch (error) {
    console.error(messageOf(error));
    return soon.signal.aborted ? EXIT_INTERRUPTED : EXIT_DIFFERENT;
  } finally {
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
