// Event classes, metrics and instruments made of arguments that mean no good, on the real addon: what is
// refused is refused with a documented error and leaves nothing behind; what is accepted can be recorded,
// read and rendered.
import { createRequire } from "node:module";
import { join } from "node:path";
import { demand } from "./oracle.mjs";
import { anything, boom, mostly, number, numbers, options, put, several, text } from "./values.mjs";

const root = join(import.meta.dirname, "..", "..");
process.env.METRICS_RUNTIME_PREBUILD ??= join(root, "out", "cmake");
const require = createRequire(import.meta.url);
const library = require("../../dist/index.js");
const { FuzzedDataProvider } = createRequire(join(root, "scripts", "fuzz", "package.json"))(
  "@jazzer.js/core/dist/FuzzedDataProvider.js",
);

const ARGUMENT_ERRORS = {
  ERR_INVALID_ARG_TYPE: TypeError,
  ERR_INVALID_ARG_VALUE: TypeError,
  ERR_OUT_OF_RANGE: RangeError,
};
const OF_A_FIELD = ["sum", "min", "max", "mean", "last", "distinct"];
const INSTRUMENTS = ["counter", "upDownCounter", "gauge", "histogram"];
const FORMATS = ["prometheus", "openmetrics", "protobuf", "json"];
const MOST_STEPS = 12;

export function fuzz(bytes) {
  const runtime = new library.MetricsRuntime({
    namespace: "fuzz",
    defaultRecorderQueueMaxSize: 64,
  });
  runtime.start();
  try {
    new Session(runtime, new FuzzedDataProvider(bytes)).run();
  } finally {
    runtime.shutdown();
  }
}

class Session {
  #input;
  #recorder;
  #classes = [];
  #dimensions = [];
  /** Of registered metrics with a count of all events: its value is known. */
  #expected = new Map();
  /** Of each instrument, one value that it takes. */
  #instruments = new Map();
  #names = 0;

  constructor(runtime, input) {
    this.#input = input;
    this.#recorder = runtime.createRecorder("r");
  }

  run() {
    for (let step = 0; step < MOST_STEPS && this.#input.remainingBytes > 0; step++) {
      const kind = this.#input.consumeIntegralInRange(0, 7);
      if (kind < 2) this.#defineEvent();
      else if (kind < 4) this.#makeDimension();
      else if (kind < 6) this.#registerMetric();
      else this.#makeInstrument();
    }
    this.#record();
    this.#read();
  }

  /** What it returns; or `undefined`, when it has thrown what it may. */
  #attempt(what, call) {
    try {
      return { value: call() };
    } catch (error) {
      const kind = ARGUMENT_ERRORS[error?.code];
      const ofArguments = kind !== undefined && error instanceof kind && error.message !== "";
      const foreign =
        error === boom ||
        (error?.code === "ERR_METRICS_RECORDER_UNEXPECTED" && error.cause === boom);
      demand(ofArguments || foreign, `${what} throws what is not documented: ${error}`);
      return undefined;
    }
  }

  #defineEvent() {
    const input = this.#input;
    const fields = {};
    for (const _ of several(input, 5, () => 0)) {
      const name = input.pickValue(["u", "f", "b", "o", "l", "k", text(input)]);
      put(
        fields,
        name,
        mostly(input, () => this.#field()),
      );
    }
    const type = mostly(input, () => (input.consumeBoolean() ? this.#uniqueName() : text(input)));
    const given = mostly(input, () => fields);
    const made = this.#attempt("defineMetricEvent", () => library.defineMetricEvent(type, given));
    if (made !== undefined) this.#classes.push(made.value);
  }

  #field() {
    const input = this.#input;
    const { float64, uint32, boolean, key, oneOf, label } = library;
    const kind = input.pickValue([float64, uint32, boolean, key, oneOf, label]);
    if (kind !== oneOf && kind !== label) return kind();
    const made = this.#attempt(kind.name, () =>
      kind === oneOf
        ? oneOf(...several(input, 4, () => mostly(input, () => text(input))))
        : label(mostly(input, () => options(input, { maxValues: () => number(input) }))),
    );
    return made?.value;
  }

  #uniqueName() {
    return `unique${this.#names++}n${this.#input.consumeBoolean() ? "" : text(this.#input)}x`;
  }
  #event() {
    if (this.#classes.length === 0) return anything(this.#input);
    return mostly(this.#input, () => this.#input.pickValue(this.#classes));
  }
  #fieldName(event) {
    const names = this.#classes.includes(event) ? Object.keys(event.fields) : [];
    return mostly(this.#input, () => (names.length === 0 ? "f" : this.#input.pickValue(names)));
  }

  #aggregationOptions(event, own = {}) {
    const input = this.#input;
    const where = () => {
      const name = this.#fieldName(event);
      const wanted = input.pickValue([true, 0, 1, "a", ["a", "b"], text(input), number(input)]);
      return { [typeof name === "string" ? name : "f"]: wanted };
    };
    const others = {
      where,
      by: () => several(input, 3, () => this.#fieldName(event)),
      maxSeries: () => number(input),
      help: () => text(input),
      unit: () => text(input),
    };
    return mostly(input, () => options(input, own, others));
  }

  #makeDimension() {
    const input = this.#input;
    const event = this.#event();
    const field = () => this.#fieldName(event);
    const makers = {
      count: () => library.count(event, this.#aggregationOptions(event)),
      upDown: () => {
        const steps = several(input, 3, () => [this.#event(), number(input)]);
        return library.upDown(
          mostly(input, () => steps),
          this.#aggregationOptions(event),
        );
      },
      histogram: () => {
        const own = { buckets: () => (input.consumeBoolean() ? [-1, 0.5, 8] : numbers(input)) };
        return library.histogram(event, field(), this.#aggregationOptions(event, own));
      },
      exponentialHistogram: () => {
        const own = { maxSize: () => number(input) };
        return library.exponentialHistogram(event, field(), this.#aggregationOptions(event, own));
      },
      quantiles: () => {
        const own = {
          quantiles: () => (input.consumeBoolean() ? [0, 0.5, 1] : numbers(input)),
          relativeError: () => number(input),
        };
        return library.quantiles(event, field(), this.#aggregationOptions(event, own));
      },
    };
    for (const name of OF_A_FIELD) {
      makers[name] = () => library[name](event, field(), this.#aggregationOptions(event));
    }
    const kind = input.pickValue(Object.keys(makers));
    const made = this.#attempt(kind, makers[kind]);
    if (made !== undefined) this.#dimensions.push(made.value);
  }

  #registerMetric() {
    const input = this.#input;
    const dimensions = {};
    for (const _ of several(input, 3, () => 0)) {
      const dimension = () => input.pickValue(this.#dimensions);
      const known = this.#dimensions.length > 0;
      put(dimensions, text(input), mostly(input, known ? dimension : () => anything(input)));
    }
    const counted = this.#classes.length > 0 && input.consumeBoolean();
    const event = counted ? input.pickValue(this.#classes) : undefined;
    if (event !== undefined) dimensions["all events"] = library.count(event);
    const name = this.#anyName();
    const metric = this.#attempt("defineMetric", () =>
      library.defineMetric(
        name,
        mostly(input, () => dimensions),
      ),
    );
    if (metric === undefined) return;
    const before = Object.keys(this.#recorder.getMetricSnapshots());
    const { metricName } = metric.value;
    const known = [...this.#recorder.iterMetrics()].includes(metric.value);
    const registered = this.#attempt("registerMetric", () =>
      this.#recorder.registerMetric(metric.value),
    );
    if (registered === undefined) return this.#expectNothingLeft(name, before);
    if (known) return;
    if (Object.hasOwn(metric.value.dimensions, "all events")) {
      this.#expected.set(metricName, { event, count: 0 });
    } else {
      this.#expected.delete(metricName);
    }
  }

  /** The name is as free as it was; one that no other meets can be had at once. */
  #expectNothingLeft(name, before) {
    const now = Object.keys(this.#recorder.getMetricSnapshots());
    demand(now.join() === before.join(), "what was refused is in the snapshots");
    if (typeof name !== "string" || !name.startsWith("unique") || before.includes(name.trim()))
      return;
    const again = this.#attempt("gauge", () => this.#recorder.gauge(name, { help: "again" }));
    demand(again !== undefined || !name.isWellFormed(), "a name that was refused stays taken");
  }

  #anyName() {
    const input = this.#input;
    return mostly(input, () => (input.consumeBoolean() ? this.#uniqueName() : text(input)));
  }

  #makeInstrument() {
    const input = this.#input;
    const kind = input.pickValue(INSTRUMENTS);
    const name = this.#anyName();
    const given = mostly(input, () => options(input, ...this.#instrumentOptions(kind)));
    const before = Object.keys(this.#recorder.getMetricSnapshots());
    const made = this.#attempt(kind, () => this.#recorder[kind](name, given));
    if (made === undefined) return this.#expectNothingLeft(name, before);
    const labels = given?.labels;
    this.#instruments.set(made.value, { kind, labels: Array.isArray(labels) ? [...labels] : [] });
  }

  /** What its options are about, and the others. */
  #instrumentOptions(kind) {
    const input = this.#input;
    const own = { help: () => text(input) };
    const others = {
      unit: () => text(input),
      labels: () => several(input, 3, () => input.pickValue(["a", "b", text(input)])),
      maxSeries: () => number(input),
      expireAfterMs: () => number(input),
    };
    if (kind === "gauge") own.combine = () => input.pickValue(["last", "sum", "min", "max"]);
    if (kind !== "histogram") return [own, others];
    const explicit = input.consumeBoolean();
    const sets = [own, others];
    sets[explicit ? 0 : 1].buckets = () => (input.consumeBoolean() ? [0.5, 1] : numbers(input));
    sets[explicit ? 1 : 0].exponential = () =>
      input.consumeBoolean() ? true : options(input, { maxSize: () => number(input) });
    return sets;
  }

  /** Events of all classes, values for all instruments. */
  #record() {
    for (const event of this.#classes) {
      const values = Object.fromEntries(
        Object.entries(event.fields).map(([name, field]) => [name, this.#valueOf(field)]),
      );
      const made = this.#attempt("an event class", () => event(values));
      demand(made !== undefined, "an event class refuses what its fields are declared to be");
      const taken = this.#attempt("registerEvent", () => this.#recorder.registerEvent(made.value));
      // Another class may have taken the type before, with other fields.
      if (taken === undefined) continue;
      demand(taken.value === true, "a recorder refuses an event of values that its class takes");
      for (const expected of this.#expected.values()) {
        if (expected.event.is(made.value)) expected.count++;
      }
    }
    for (const [instrument, { kind, labels }] of this.#instruments) {
      const set =
        labels.length === 0 ? [] : [Object.fromEntries(labels.map((name) => [name, "v"]))];
      const verb = kind === "gauge" ? "set" : kind === "histogram" ? "record" : "add";
      demand(instrument[verb](1, ...set) === true, `a ${kind} refuses a value`);
    }
  }

  #valueOf(field) {
    const values = {
      float64: 1.5,
      uint32: 7,
      boolean: true,
      oneOf: field.members?.[0],
      label: "a label",
      key: "a key",
    };
    return values[field.kind];
  }

  #read() {
    const snapshots = this.#recorder.getMetricSnapshots();
    for (const [name, { count }] of this.#expected) {
      demand(
        snapshots[name]?.dimensions["all events"] === count,
        "a metric does not count the events that were registered",
      );
    }
    for (const snapshot of Object.values(snapshots)) demandBounds(snapshot);
    for (const format of FORMATS) demandReadable(format, this.#recorder.renderSync(format));
  }
}

/** Of every histogram in a snapshot: finite and increasing, and at last infinity. */
function demandBounds(value) {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value.buckets)) {
    const bounds = value.buckets.map(({ le }) => le);
    const last = bounds.pop();
    const increase = bounds.every((le, at) => Number.isFinite(le) && !(bounds[at - 1] >= le));
    demand(
      increase && last === Number.POSITIVE_INFINITY,
      "a histogram has bounds that are not finite and increasing",
    );
  }
  for (const inner of Object.values(value)) demandBounds(inner);
}

const SAMPLE = /^[A-Za-z_][A-Za-z0-9_]*(?:\{[^\n]*\})? (?:NaN|[+-]Inf|-?[0-9][0-9.e+-]*)$/;

function demandReadable(format, bytes) {
  if (format === "protobuf") return;
  const rendered = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  if (format === "json") {
    JSON.parse(rendered);
    return;
  }
  for (const line of rendered.trimEnd().split("\n")) {
    if (line === "" || line.startsWith("# ")) continue;
    demand(SAMPLE.test(line), `${format} has a line that is no sample`);
  }
  demand(format !== "openmetrics" || rendered.endsWith("# EOF\n"), "OpenMetrics without EOF");
}
