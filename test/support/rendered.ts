/** Stands in for what renders metrics: gives what the test says, when it says so. */
import { gzipSync } from "node:zlib";
import type { ExpositionFormat, Renderable, RenderOptions } from "metrics-runtime";

export class Rendered implements Renderable {
  readonly #text: string;
  /** `prometheus`, `json gzip`: what was asked for, in this order. */
  readonly calls: string[] = [];
  #held: (() => void)[] | undefined;
  #failure: { readonly error: unknown } | undefined;
  #underWay = 0;
  /** The most that were under way at once. */
  mostUnderWay = 0;

  constructor(text = "metrics") {
    this.#text = text;
  }

  async render(format: ExpositionFormat, { gzip = false }: RenderOptions = {}) {
    this.calls.push(gzip ? `${format} gzip` : format);
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.#underWay);
    const held = this.#held;
    if (held !== undefined) await new Promise<void>((resolve) => held.push(resolve));
    this.#underWay--;
    if (this.#failure !== undefined) throw this.#failure.error;
    const bytes = this.bytesOf(format);
    return gzip ? gzipSync(bytes) : bytes;
  }

  bytesOf(format: ExpositionFormat): Buffer {
    return Buffer.from(`${this.#text} as ${format} ✓`);
  }

  /** From now on nothing is rendered to its end. */
  hold(): void {
    this.#held ??= [];
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const goOn of held) goOn();
  }

  /** From now on; `undefined` as an error too. */
  failWith(error: unknown): void {
    this.#failure = { error };
  }

  succeed(): void {
    this.#failure = undefined;
  }
}
