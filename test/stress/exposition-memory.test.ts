import { expect, test } from "vitest";
import { runFixture } from "../support/child-process.js";

const RENDERS = 600;
const SAMPLE_EVERY = 40;
const LIMIT_MS = 25_000;
/** Every other is a text of 0.34 MB: 100 MB if those stayed. */
const LEAST_BYTES = 90e6;

const GIVES_BACK = { ...process.env, MALLOC_MMAP_THRESHOLD_: "131072" };

interface Sample {
  readonly rss: number;
  readonly heapUsed: number;
  readonly external: number;
}

function grownBy(samples: readonly Sample[], measure: keyof Sample): number {
  const third = samples.length / 3;
  const middle = (from: number): number => {
    const values = samples.slice(from, from + third).map((sample) => sample[measure]);
    return values.sort((a, b) => a - b)[Math.floor(third / 2)] ?? Number.NaN;
  };
  return middle(2 * third) - middle(0);
}

test(
  `${RENDERS} expositions in a row leave no memory`,
  async () => {
    const { stdout, stderr } = await runFixture(
      "scrapes.mjs",
      [String(RENDERS), String(SAMPLE_EVERY)],
      { nodeArguments: ["--expose-gc"], env: GIVES_BACK, deadlineMs: LIMIT_MS - 1_000 },
    );
    expect(stderr).toBe("");
    const { samples, bytes } = JSON.parse(stdout) as { samples: Sample[]; bytes: number };
    expect(bytes).toBeGreaterThan(LEAST_BYTES);
    expect(samples).toHaveLength(RENDERS / SAMPLE_EVERY);
    const grown = {
      heapUsed: grownBy(samples, "heapUsed"),
      external: grownBy(samples, "external"),
      rss: grownBy(samples, "rss"),
    };
    console.log(`grown from the first third to the last: ${JSON.stringify(grown)}`);
    expect(grown.heapUsed).toBeLessThan(1e6);
    expect(grown.external).toBeLessThan(1.5e6); // of some texts
    // What the allocator keeps goes up and down; the 200 texts between the middles of the thirds would be 68 MB.
    expect(grown.rss).toBeLessThan(16e6);
  },
  LIMIT_MS,
);
