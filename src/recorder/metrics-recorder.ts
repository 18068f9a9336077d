import { invalidArgType } from "../errors/argument-errors.js";
import { definitionOfClass, type EventClassDeclaration } from "../events/define-metric-event.js";
import { checkFieldNames, type EachFieldOnce, type Emitter } from "../events/emitter.js";
import type { EventCodecs } from "../events/event-codecs.js";
import type { EventDefinition, EventFields } from "../events/event-definition.js";
import { checkFieldType } from "../events/field-check.js";
import { makeWriter } from "../events/make-writer.js";
import { EventObject, type MetricEvent } from "../events/metric-event.js";
import { makeObjectWriter, type ObjectWriter, type RecordTarget } from "../events/record-writer.js";
import {
  checkRender,
  type ExpositionFormat,
  type RenderOptions,
} from "../exposition/exposition-format.js";
import { type RenderCall, rendered, renderedSync } from "../exposition/rendered.js";
import type { Counter, UpDownCounter } from "../instruments/counter.js";
import type { Gauge } from "../instruments/gauge.js";
import type { Histogram } from "../instruments/histogram.js";
import { COUNTER, GAUGE, HISTOGRAM, UP_DOWN_COUNTER } from "../instruments/instrument-kinds.js";
import type {
  GaugeOptions,
  HistogramInstrumentOptions,
  InstrumentOptions,
  ObservableGaugeOptions,
} from "../instruments/instrument-options.js";
import type { ObservableCallback, ObservableGauge } from "../instruments/observable-gauge.js";
import { RecorderInstruments } from "../instruments/recorder-instruments.js";
import type { LogContext } from "../logging/log-context.js";
import type { MetricSnapshots } from "../metrics/snapshot.js";
import type { NativeRecorder } from "../native/boundary.js";
import { ofRecorder, recorderError, wrapForeign } from "../native/failures.js";
import { MetricsRecorderQueueOverflowError, MetricsRecorderUnexpectedError } from "./errors.js";
import type { EventQueue } from "./event-queue.js";
import { MetricRegistry } from "./metric-registry.js";
import { Observations } from "./observations.js";
import { QueueOverflowPolicy } from "./overflow-policy.js";
import type { RecorderAccess } from "./recorder-access.js";
import { RecorderLifecycle } from "./recorder-lifecycle.js";
import type { MetricsRecorderLike, RegisteredMetric } from "./recorder-like.js";
import { logRecorderCalls } from "./recorder-log.js";
import { MetricsRecorderState } from "./recorder-state.js";
import { type MetricsRecorderStats, recorderStats } from "./recorder-stats.js";
import type { RecorderWatch } from "./recorder-watch.js";
import type { ThreadMetrics } from "./thread-metrics.js";
import type { MetricsRecorderWaitHandle } from "./wait-handle.js";

const TAKES_EVENTS = [MetricsRecorderState.STARTING, MetricsRecorderState.RUNNING] as const;

/** @internal What the runtime makes a recorder of. */
export interface RecorderParts {
  readonly recorderId: string;
  readonly entityId: string;
  readonly namespace: string;
  readonly queueOverflowPolicy: QueueOverflowPolicy;
  readonly queueMaxSize: number;
  readonly logContext: LogContext | undefined;
  readonly queue: EventQueue;
  readonly codecs: EventCodecs;
  readonly native: NativeRecorder;
  readonly lifecycle: RecorderLifecycle;
  readonly metrics: ThreadMetrics;
  readonly watch: RecorderWatch | undefined;
}

/**
 * One measured scope. Takes events from the JavaScript thread that holds it, and gives snapshots of
 * the metrics registered in it. Made by `MetricsRuntime.createRecorder`, running.
 */
export class MetricsRecorder implements MetricsRecorderLike {
  readonly #parts: RecorderParts;
  readonly #native: NativeRecorder;
  readonly #lifecycle: RecorderLifecycle;
  readonly #queue: EventQueue;
  readonly #codecs: EventCodecs;
  readonly #target: RecordTarget;
  readonly #registry: MetricRegistry;
  readonly #instruments: RecorderInstruments;
  readonly #writers = new Map<EventDefinition, ObjectWriter>();
  /** The class of the event before: events of one class come in runs. */
  #lastDefinition: EventDefinition | undefined;
  #lastWriter: ObjectWriter = () => false;

  /** @internal */
  constructor(parts: RecorderParts) {
    if (!(parts?.lifecycle instanceof RecorderLifecycle)) {
      throw new TypeError("recorders are made by MetricsRuntime.createRecorder");
    }
    this.#parts = parts;
    this.#native = parts.native;
    this.#lifecycle = parts.lifecycle;
    this.#lifecycle.bind({ recorder: this, metrics: parts.metrics, watch: parts.watch });
    const access: RecorderAccess = {
      native: parts.native,
      queue: parts.queue,
      expectOpen: () => {
        if (!parts.queue.open) throw this.#lifecycle.invalidState(TAKES_EVENTS);
      },
      valueOf: ({ value, failure }) => {
        if (failure === undefined) return value;
        throw recorderError(failure, TAKES_EVENTS, this.recorderId, this.#lifecycle.fault);
      },
    };
    const observations = new Observations(parts.native, parts.queue);
    this.#registry = new MetricRegistry(access, parts.codecs, parts.metrics, observations);
    this.#instruments = new RecorderInstruments(access, observations);
    this.#queue = parts.queue;
    this.#codecs = parts.codecs;
    const { queueMaxSize } = parts;
    const raises = parts.queueOverflowPolicy === QueueOverflowPolicy.RAISE_ERROR;
    this.#target = {
      queue: parts.queue,
      wrongState: () => {
        throw this.#lifecycle.invalidState(TAKES_EVENTS);
      },
      overflow: () => {
        if (raises) throw new MetricsRecorderQueueOverflowError(queueMaxSize);
        return false;
      },
    };
  }

  static {
    logRecorderCalls(MetricsRecorder.prototype);
  }

  /** Under which its runtime finds it. */
  get recorderId(): string {
    return this.#parts.recorderId;
  }

  /** What is measured. */
  get entityId(): string {
    return this.#parts.entityId;
  }

  /** The first part of its names in expositions. */
  get namespace(): string {
    return this.#parts.namespace;
  }

  /** Where its calls are logged, `registerEvent` excepted; `undefined`: nowhere. */
  getLogContext(): LogContext | undefined {
    return this.#parts.logContext;
  }

  /** Never blocks. */
  getStatus(): MetricsRecorderState {
    return this.#lifecycle.status;
  }

  /**
   * Starts a stopped recorder again, with the state its metrics had. Returns at once.
   *
   * The result is a failure from any state but STOPPED, after the recorder was removed, and after
   * its runtime ended.
   */
  start(): MetricsRecorderWaitHandle {
    return this.#run(() => this.#lifecycle.start());
  }

  /**
   * Refuses further events at once, dispatches what was accepted, stops. Returns at once, but for the
   * custom metrics of this thread, which first handle what is due; succeeds only after everything
   * accepted before was dispatched.
   *
   * The result is a failure from any state but RUNNING. A second call while it goes on attaches to
   * the first.
   */
  stop(): MetricsRecorderWaitHandle {
    return this.#run(() => this.#lifecycle.stop());
  }

  /**
   * Registers a metric, or replaces the one of the same name: it keeps its place and starts from
   * zero. An equal definition (`help` apart, which is no part of it), or the same custom metric,
   * changes nothing unless it was quarantined or retired. Events of this thread registered before do not reach it, later ones do. Blocks until
   * the runtime thread has it (at most 5 s).
   *
   * Threads name their custom metrics each for itself; a declared metric replaces those of every
   * thread.
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE`; `ERR_INVALID_ARG_VALUE` when the runtime knows one of
   * its event types with other fields, a custom metric has a blank name, an instrument has the name,
   * or an exposition would have one of its names twice: that of a sample that another metric has, of
   * a family that another recorder has with another type or unit, or of two labels
   * @throws {@link MetricsRecorderInvalidStateError} unless STARTING or RUNNING
   * @throws {@link MetricsRecorderUnexpectedError} with what a custom metric threw when it was read
   */
  registerMetric(metric: RegisteredMetric): void {
    this.#run(() => this.#registry.register(metric));
  }

  /**
   * Registers a fact. The hot path: it neither blocks nor logs, and allocates nothing after the
   * first use of an event class or label value on this thread.
   *
   * @returns `true`: accepted, and it will be counted exactly once. `false`: dropped because the
   * queue is full, or refused because a number in it cannot be counted; either is in `getStats()`.
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`
   * @throws {@link MetricsRecorderInvalidStateError} unless STARTING or RUNNING
   * @throws {@link MetricsRecorderQueueOverflowError} full, under RAISE_ERROR
   */
  registerEvent(event: MetricEvent): boolean {
    const definition = EventObject.definitionOf(event);
    if (definition === undefined) {
      throw invalidArgType("event", "an event made by its event class", event);
    }
    const last = this.#lastDefinition;
    try {
      const write = definition === last ? this.#lastWriter : this.#use(definition, event);
      return write(event as unknown as Readonly<Record<string, unknown>>);
    } catch (error) {
      throw wrapForeign(error, MetricsRecorderUnexpectedError);
    }
  }

  /**
   * A function that registers events of one class from positional values: the fastest way in, and
   * nothing is allocated. Make it once and keep it; it belongs to this thread.
   *
   * @example
   * ```ts
   * const emit = recorder.emitter(SaveAttempt, ["outcome", "durationMs"]);
   * emit("SUCCESS", 3.2);
   * ```
   *
   * @param eventClass made by `defineMetricEvent`
   * @param fieldNames each field of the class exactly once: the order of the arguments
   * @returns as {@link registerEvent}, with the same errors
   * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`
   */
  emitter<Fields extends EventFields, const Names extends readonly (keyof Fields & string)[]>(
    eventClass: EventClassDeclaration<Fields>,
    fieldNames: Names & EachFieldOnce<Fields, Names>,
  ): Emitter<Fields, Names> {
    const definition = definitionOfClass("eventClass", eventClass);
    return this.#run(() => {
      const names = checkFieldNames(definition, fieldNames);
      const codec = this.#codecs.of(definition);
      const fields = names.map((name) => codec.field(name));
      return makeWriter(this.#target, codec, fields) as Emitter<Fields, Names>;
    });
  }

  /**
   * Every metric now, by name, in the order of registration; with every event that this thread
   * registered before. Works in every state, also after a shutdown. Blocks (at most 5 s).
   *
   * Runs the callbacks of this thread's observable gauges first, and has other threads run theirs, for
   * which it waits at most 100 ms; only while STARTING or RUNNING, and not inside such a callback.
   *
   * @throws {@link MetricsRecorderUnexpectedError} when the runtime thread does not answer
   */
  getMetricSnapshots(): MetricSnapshots {
    return this.#run(() => this.#registry.snapshots());
  }

  /**
   * What `MetricsRuntime.render` gives, of this recorder alone.
   *
   * @throws (rejects) TypeError that names the argument
   * @throws (rejects) {@link MetricsRecorderUnexpectedError}, whose cause is the runtime's error: not RUNNING, removed, or
   * not there after 60 s
   */
  async render(format: ExpositionFormat, options?: RenderOptions): Promise<Uint8Array> {
    const call = this.#renderCall(format, options);
    try {
      return await rendered({ ...call, observed: this.#registry.observe() });
    } catch (error) {
      throw ofRecorder(error);
    }
  }

  /** As {@link render}; blocks this thread until the bytes are there, for at most 60 s. */
  renderSync(format: ExpositionFormat, options?: RenderOptions): Uint8Array {
    const call = this.#renderCall(format, options);
    try {
      return renderedSync({ ...call, observed: this.#registry.observe() });
    } catch (error) {
      throw ofRecorder(error);
    }
  }

  /** The metrics that this thread registered, in the order of their registration. */
  iterMetrics(): IterableIterator<RegisteredMetric> {
    return this.#registry.metrics.values();
  }

  /** Counts since the recorder was created. Never blocks; works in every state. */
  getStats(): MetricsRecorderStats {
    const { fault } = this.#lifecycle;
    const native = this.#native;
    return recorderStats(native.stats(), native.quarantined(), this.#parts.queueMaxSize, fault);
  }

  /**
   * A number that only grows, written directly, without an event: for what one metric alone wants to
   * know, on the hottest paths. The same definition again, `help` apart, is the same counter.
   *
   * @example
   * ```ts
   * const requests = recorder.counter("http_requests", {
   *   help: "Requests answered.",
   *   labels: ["method", "status"],
   * });
   * requests.add(1, { method: "GET", status: "200" });
   * const created = requests.labels({ method: "PUT", status: "201" });
   * created.add();
   * ```
   *
   * @param name not blank; metrics and instruments have one name space
   * @throws TypeError, RangeError that name the argument; `ERR_INVALID_ARG_VALUE` when the name is
   * another metric's or instrument's, and when an exposition would have one of its names twice, as of
   * {@link registerMetric}
   * @throws {@link MetricsRecorderInvalidStateError} unless STARTING or RUNNING
   */
  counter<const LabelName extends string = never>(
    name: string,
    options: InstrumentOptions<LabelName>,
  ): Counter<LabelName> {
    return this.#run(() => this.#instruments.get(COUNTER, name, options));
  }

  /** As {@link counter}, for a number that goes up and down. */
  upDownCounter<const LabelName extends string = never>(
    name: string,
    options: InstrumentOptions<LabelName>,
  ): UpDownCounter<LabelName> {
    return this.#run(() => this.#instruments.get(UP_DOWN_COUNTER, name, options));
  }

  /** As {@link counter}, for a value that is as it is now. */
  gauge<const LabelName extends string = never>(
    name: string,
    options: GaugeOptions<LabelName>,
  ): Gauge<LabelName> {
    return this.#run(() => this.#instruments.get(GAUGE, name, options));
  }

  /**
   * A gauge whose value is asked for when somebody looks: before each snapshot of this recorder, the
   * callback runs once on this thread. When another thread takes the snapshot, it waits until this
   * one has come to that on a turn of its loop, for at most 100 ms; then this thread is left out.
   *
   * What a callback does not observe has no value; if it throws or gives a promise, nothing it
   * observed has one. That, and being left out, is counted in `getStats().observationsFailed`.
   *
   * The same definition, `help` apart, with the same callback is the same gauge. Each thread has a callback of its
   * own; `combine` says how what they observe comes to one value.
   *
   * @example
   * ```ts
   * recorder.observableGauge("heap_used", { help: "Heap in use.", unit: "bytes" }, () =>
   *   process.memoryUsage().heapUsed,
   * );
   * recorder.observableGauge(
   *   "pool_connections",
   *   { help: "Connections of each pool.", labels: ["pool"] },
   *   (observe) => {
   *     for (const pool of pools) observe(pool.size, { pool: pool.name });
   *   },
   * );
   * ```
   *
   * @param name as of {@link counter}, with the same errors
   * @throws TypeError `ERR_INVALID_ARG_TYPE` when the callback is no function; `ERR_INVALID_ARG_VALUE`
   * when this thread has another one for the same definition
   * @throws {@link MetricsRecorderUnexpectedError} when the system refuses what asking a thread needs
   */
  observableGauge<const LabelName extends string = never>(
    name: string,
    options: ObservableGaugeOptions<LabelName>,
    callback: ObservableCallback<NoInfer<LabelName>>,
  ): ObservableGauge {
    return this.#run(() => this.#instruments.observableGauge(name, options, callback));
  }

  /** As {@link counter}, for values whose distribution matters. */
  histogram<const LabelName extends string = never>(
    name: string,
    options: HistogramInstrumentOptions<LabelName>,
  ): Histogram<LabelName> {
    return this.#run(() => this.#instruments.get(HISTOGRAM, name, options));
  }

  #use(definition: EventDefinition, event: MetricEvent): ObjectWriter {
    let writer = this.#writers.get(definition);
    if (writer === undefined) {
      // A refused event must not make its class known, so the state comes before the first use.
      if (!this.#queue.open) this.#refuse(definition, event);
      writer = makeObjectWriter(this.#target, this.#codecs.of(definition));
      this.#writers.set(definition, writer);
    }
    this.#lastDefinition = definition;
    this.#lastWriter = writer;
    return writer;
  }

  #refuse(definition: EventDefinition, event: MetricEvent): never {
    const values = event as unknown as Readonly<Record<string, unknown>>;
    for (const { name, field } of definition.declared) checkFieldType(name, field, values[name]);
    throw this.#lifecycle.invalidState(TAKES_EVENTS);
  }

  /** @throws TypeError that names the argument */
  #renderCall(format: unknown, options: unknown): Omit<RenderCall, "observed"> {
    const wanted = checkRender(format, options);
    return { ...wanted, native: this.#native, recorderId: this.recorderId };
  }

  /** @throws what `operation` throws; in a {@link MetricsRecorderUnexpectedError} if it is not ours */
  #run<Result>(operation: () => Result): Result {
    try {
      return operation();
    } catch (error) {
      throw wrapForeign(error, MetricsRecorderUnexpectedError);
    }
  }
}
