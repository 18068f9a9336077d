import { types } from "node:util";
import { invalidArgType } from "../errors/argument-errors.js";
import type { ExpositionFormat, RenderOptions } from "./exposition-format.js";

/** What can be rendered: a runtime, a recorder, or anything else that has it. */
export interface Renderable {
  /**
   * The promise settles, whatever happens: until then everybody who asks for the same waits for it. The bytes
   * are not changed afterwards.
   */
  render(format: ExpositionFormat, options: RenderOptions): Promise<Uint8Array>;
}

/**
 * Renders for many at once: who asks while the same format is being rendered in the same encoding gets those
 * bytes. So however many ask, at most eight renders are under way, and each body is in memory once. What one
 * gets was true at some moment from the start of a render that was not over when he asked.
 */
export class SharedRenders {
  readonly #source: Renderable;
  readonly #failed: (error: unknown) => void;
  readonly #underWay = new Map<string, Promise<Uint8Array>>();

  /** @param failed called once for each render that fails, however many wait for it; must not throw */
  constructor(source: Renderable, failed: (error: unknown) => void) {
    this.#source = source;
    this.#failed = failed;
  }

  render(format: ExpositionFormat, gzip: boolean): Promise<Uint8Array> {
    const key = gzip ? `${format}+gzip` : format;
    const known = this.#underWay.get(key);
    if (known !== undefined) return known;
    const started = this.#render(format, gzip).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, started);
    return started;
  }

  async #render(format: ExpositionFormat, gzip: boolean): Promise<Uint8Array> {
    try {
      const bytes: unknown = await this.#source.render(format, { gzip });
      if (types.isUint8Array(bytes)) return bytes;
      throw invalidArgType("source.render", "a function that promises a Uint8Array", bytes);
    } catch (error) {
      this.#failed(error);
      throw error;
    }
  }
}
