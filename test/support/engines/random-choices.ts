/** One after the other from numbers in [0, 1). */
export class RandomChoices {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }
  /** Both included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }
  of<T>(choices: readonly T[]): T {
    return choices[this.between(0, choices.length - 1)] as T;
  }
  maybe<T, U>(make: () => T, otherwise: U): T | U {
    return this.chance(0.5) ? make() : otherwise;
  }
  some<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.between(0, most) }, make);
  }

  /** Any text, with a part that is dangerous, but for lone surrogates. */
  text(): string {
    if (this.chance(0.02))
      return `${this.of(PIECES)}x`.repeat(10_000).slice(0, 10_000).toWellFormed();
    return this.some(4, () => this.of(PIECES)).join("");
  }
  /** As instruments and label fields take them: at most 1 024 code units. */
  labelValue(): string {
    if (this.chance(0.02)) return "v".repeat(1_024);
    return this.text().slice(0, 1_024).toWellFormed();
  }
  /** Of a recorder, metric, dimension: not blank. Few different ones, so that some collide. */
  name(): string {
    if (this.chance(0.3)) return this.of(LIKE_OTHERS);
    const name = this.some(3, () => this.of(NAME_PARTS)).join(this.of(["_", ".", "", "-", " "]));
    if (this.chance(0.2)) return `${name}${this.text()}n`;
    return name.trim() === "" ? `m${this.between(0, 99)}` : name;
  }
  namespace(): string {
    return this.chance(0.05) ? "metrics_runtime" : this.chance(0.5) ? "shop" : this.name();
  }
  help(): string {
    return this.chance(0.3) ? "" : this.text();
  }
  unit(): string {
    return this.chance(0.5) ? "" : this.chance(0.1) ? this.text() : this.of(UNITS);
  }
  labelNames(): string[] {
    return [...new Set(this.some(4, () => this.of(LABELS)))];
  }
  labels(names: readonly string[]): Record<string, string> {
    return Object.fromEntries(names.map((name) => [name, this.labelValue()]));
  }
  fieldNames(most: number): string[] {
    const legal = LABELS.filter((name) => /^[A-Za-z]/.test(name));
    return [...new Set(this.some(most, () => this.of(legal)))];
  }
  /** Of oneOf: not empty, of any length. */
  members(): [string, ...string[]] {
    return ["m", ...new Set(this.some(3, () => `${this.text()}.`))];
  }

  value(): number {
    const kind = this.#random();
    if (kind < 0.4) return this.of(VALUES);
    if (kind < 0.7) return this.between(-100, 1_000);
    const magnitude = 2 ** (kind < 0.85 ? this.between(-20, 20) : this.between(-1_074, 1_023));
    return (this.chance(0.7) ? 1 : -1) * magnitude * (1 + this.#random() * 0.99);
  }
  bounds(): number[] {
    const bounds = [this.value(), ...this.some(12, () => this.value())].map((bound) => bound + 0);
    return [...new Set(bounds)].sort((a, b) => a - b);
  }
  quantiles(): number[] {
    return [...new Set([0.5, ...this.some(4, () => this.of(QUANTILES)), this.#random()])];
  }
  maxSize(): number {
    return this.of([2, 3, 8, 20, 160, 160, 4_096]);
  }
}

const PIECES = [
  ..."\"\\\n\r\t\0\x01\x07\b\v\f\x1b\x7f\x85\u00a0\u2028\u2029\ufeff\ufffd\u0301 ,={}#/'%$",
  ..."🦊漢é",
  "\\n",
  "\\\\",
  '\\"',
  '"}',
  '",le="1',
  "} 1\n",
  "\n# EOF\n",
  "# HELP x y",
  "\r\n",
  "👩‍👩‍👧",
  "e\u0301\u0302",
  "<overflow>",
  "NaN",
  "+Inf",
  "true",
  "a",
  "b",
  "word",
  "ŁONG ".repeat(20),
];

/** Some of them are exposed alike, or as something that others have. */
const LIKE_OTHERS = [
  "http.hits",
  "http-hits",
  "http_hits_total",
  "http hits é",
  "http_hits_sum",
  "http_hits_count",
  "http_hits_bucket",
  "http_hits_created",
  "http_hits_seconds",
  "queue_depth",
  "events.accepted",
];

const NAME_PARTS = [
  ..."ab9é🦊:-./%",
  "hits",
  "Hits",
  "total",
  "created",
  "sum",
  "count",
  "bucket",
  "info",
  "seconds",
  "bytes",
  "ratio",
  "queue_depth",
  "__",
  "le",
  "quantile",
  "EOF",
  "__proto__",
  "constructor",
  "7",
];

const UNITS = [
  ..."s h d % 1 By ms us ns min KiBy MiBy GiBy TiBy kBy MBy GBy TBy Hz Cel".split(" "),
  "{request}",
  "1{note}",
  "By/s",
  "{a{b}c}d",
  "{open",
  "}s",
  "m.s-1",
  "°C",
  "_",
  "__x__",
  "total",
  "created",
  "bucket",
  "sum",
  "count",
  "seconds",
  "7",
  "🦊",
  "constructor",
  "__proto__",
];

const LABELS = [
  "a",
  "b",
  "A",
  "le",
  "quantile",
  "recorder",
  "entity",
  "exported_le",
  "exported_recorder",
  "exported_exported_le",
  "__name__",
  "__proto__",
  "_",
  "__",
  "_9",
  "constructor",
  "toString",
  "name",
  "value",
  "job_name",
  "the_very_long_name_of_a_label_that_nobody_would_write_down_twice_".repeat(4),
];

const VALUES = [
  0,
  -0,
  1,
  -1,
  0.1,
  1 / 3,
  -2.5,
  5e-324,
  -5e-324,
  2.2250738585072014e-308,
  2.225073858507201e-308,
  1e-300,
  2 ** -128,
  2 ** -129,
  1e-5,
  1e-4,
  123_456,
  1e6,
  1e15,
  1e21,
  1e22,
  2 ** 53 - 1,
  2 ** 53,
  2 ** 53 + 2,
  -(2 ** 53),
  2 ** 63,
  2 ** 64,
  1.7976931348623157e308,
  -1.7976931348623157e308,
];

const QUANTILES = [0, 1, 0.5, 0.9, 0.99, 0.999, 0.25, 1e-7, 0.1, 0.30000000000000004];
