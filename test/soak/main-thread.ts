/** What the main thread does in a stint, all at once: it records too, and churns, renders and scrapes. */
import type { MetricsRuntime } from "metrics-runtime";
import type { Accounts } from "./accounts.js";
import { liveBriefly } from "./brief-recorder.js";
import { runBriefly } from "./brief-runtime.js";
import { BriefSeries } from "./brief-series.js";
import type { Expositions } from "./expositions.js";
import type { Figures } from "./figures.js";
import type { Doing, Hearts } from "./hearts.js";
import { Load } from "./load.js";
import { INSTRUMENT_RECORDER, MAIN, PLACES } from "./places.js";

const RECORDERS_AT_ONCE = 5;

export interface MainThreadParts {
  readonly runtime: MetricsRuntime;
  readonly accounts: Accounts;
  readonly hearts: Hearts;
  readonly expositions: Expositions;
  readonly figures: Figures;
  readonly random: () => number;
}

export class MainThread {
  readonly #parts: MainThreadParts;
  readonly #load: Load;
  readonly #series: BriefSeries;

  constructor(parts: MainThreadParts) {
    const { runtime, accounts, random } = parts;
    this.#parts = parts;
    this.#load = new Load(runtime, accounts, MAIN, random);
    const instruments = runtime.getRecorder(INSTRUMENT_RECORDER);
    this.#series = new BriefSeries(instruments, PLACES[MAIN], random);
  }

  /** @throws what was not counted exactly, or what any call threw */
  async work(over: () => boolean): Promise<void> {
    const { runtime, expositions, figures, random } = this.#parts;
    const again = async (everyMs: number, step: () => unknown) => {
      while (!over()) {
        await step();
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    };
    await Promise.all([
      again(10, () => this.#during("recording", () => this.#load.slice(() => {}))),
      again(1, () =>
        this.#during("using a short-lived recorder", () => {
          for (let n = 0; n < RECORDERS_AT_ONCE; n++) {
            liveBriefly(runtime, `brief ${n}`, random);
            figures.count("recorders churned");
          }
        }),
      ),
      again(20, () =>
        this.#during("using a short-lived runtime", () => {
          runBriefly(random, random() < 0.3);
          figures.count("runtimes");
        }),
      ),
      again(10, () =>
        this.#during("watching series come and go", () => {
          figures.count("series that came and went", this.#series.step());
          figures.count("snapshots", 2);
        }),
      ),
      again(20, async () => {
        await this.#during("rendering", () => expositions.render());
        figures.count("renders");
      }),
      again(50, async () => {
        await expositions.scrape();
        figures.count("scrapes over HTTP");
      }),
    ]);
  }

  /** What is wrong with what its custom metric has seen. */
  complaint(): string | undefined {
    return this.#load.complaint();
  }

  #during<T>(what: Doing, step: () => T): T {
    this.#parts.hearts.doing(MAIN, what);
    return step();
  }
}
