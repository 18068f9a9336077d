/** What the soak has done, counted. */
const NAMES = [
  "workers terminated",
  "workers that ended otherwise",
  "recorders churned",
  "runtimes",
  "renders",
  "scrapes over HTTP",
  "snapshots",
  "series that came and went",
  "checkpoints exact",
] as const;
type Name = (typeof NAMES)[number];

export class Figures {
  readonly #counts = new Map<Name, number>(NAMES.map((name) => [name, 0]));

  count(name: Name, times = 1): void {
    this.#counts.set(name, this.get(name) + times);
  }

  get(name: Name): number {
    return this.#counts.get(name) ?? 0;
  }

  entries(): Iterable<[string, number]> {
    return this.#counts.entries();
  }
}
