import { invalidArgType } from "../errors/argument-errors.js";
import { definitionOfClass, type EventClassDeclaration } from "../events/define-metric-event.js";
import { checkFieldNames, type EachFieldOnce, type Emitter } from "../events/emitter.js";
import type { EventCodecs } from "../events/event-codecs.js";
import type { EventDefinition, EventFields } from "../events/event-definition.js";
import { checkFieldType } from "../events/field-check.js";
import { EventObject, type MetricEvent } from "../events/metric-event.js";
import {
  makeObjectWriter,
  makeWriter,
  type ObjectWriter,
  type RecordTarget,
} from "../events/record-writer.js";
import { MetricDefinition, nativeDefinition } from "../metrics/define-metric.js";
import { decodeSnapshots, type MetricSnapshots } from "../metrics/snapshot.js";
import type { NativeRecorder } from "../native/boundary.js";
import { faultError, recorderError, recorderStateAt } from "../native/failures.js";
import { MetricsRecorderInvalidStateError, MetricsRecorderQueueOverflowError } from "./errors.js";
import type { EventQueue } from "./event-queue.js";
import { QueueOverflowPolicy } from "./overflow-policy.js";
import type { MetricsRecorderLike, RegisteredMetric } from "./recorder-like.js";
import { MetricsRecorderState } from "./recorder-state.js";
import { type MetricsRecorderStats, recorderStats } from "./recorder-stats.js";
import { MetricsRecorderWaitHandle } from "./wait-handle.js";

const TAKES_EVENTS = [MetricsRecorderState.STARTING, MetricsRecorderState.RUNNING] as const;

/** @internal What the runtime makes a recorder of. */
export interface RecorderParts {
  readonly recorderId: string;
  readonly entityId: string;
  readonly namespace: string;
  readonly queueOverflowPolicy: QueueOverflowPolicy;
  readonly queue: EventQueue;
  readonly codecs: EventCodecs;
  readonly native: NativeRecorder;
}

/**
 * One measured scope. Takes events from the JavaScript thread that holds it, and gives snapshots of
 * the metrics registered in it. Made by `MetricsRuntime.createRecorder`, running.
 */
export class MetricsRecorder implements MetricsRecorderLike {
  readonly recorderId: string;
  readonly entityId: string;
  readonly namespace: string;

  readonly #native: NativeRecorder;
  readonly #queue: EventQueue;
  readonly #codecs: EventCodecs;
  readonly #target: RecordTarget;
  readonly #metrics = new Map<string, MetricDefinition>();
  readonly #writers = new Map<EventDefinition, ObjectWriter>();
  /** The class of the event before: events of one class come in runs. */
  #lastDefinition: EventDefinition | undefined;
  #lastWriter: ObjectWriter = () => false;

  /** @internal */
  constructor(parts: RecorderParts) {
    if (typeof parts !== "object" || parts === null) {
      throw new TypeError("recorders are made by MetricsRuntime.createRecorder");
    }
    this.recorderId = parts.recorderId;
    this.entityId = parts.entityId;
    this.namespace = parts.namespace;
    this.#native = parts.native;
    this.#queue = parts.queue;
    this.#codecs = parts.codecs;
    const { queueMaxSize } = parts.queue;
    const raises = parts.queueOverflowPolicy === QueueOverflowPolicy.RAISE_ERROR;
    this.#target = {
      queue: parts.queue,
      wrongState: () => {
        throw this.#invalidState();
      },
      overflow: () => {
        if (raises) throw new MetricsRecorderQueueOverflowError(queueMaxSize);
        return false;
      },
    };
  }

  /** Never blocks. */
  getStatus(): MetricsRecorderState {
    return recorderStateAt(this.#native.state());
  }

  /**
   * Starts a stopped recorder again, with the state its metrics had. Returns at once.
   *
   * The result is a failure from any state but STOPPED, after the recorder was removed, and after
   * its runtime ended.
   */
  start(): MetricsRecorderWaitHandle {
    return new MetricsRecorderWaitHandle("START", this.#native.start(), this.recorderId);
  }

  /**
   * Refuses further events at once, dispatches what was accepted, stops. Returns at once; succeeds
   * only after everything accepted before was dispatched.
   *
   * The result is a failure from any state but RUNNING. A second call while it goes on attaches to
   * the first.
   */
  stop(): MetricsRecorderWaitHandle {
    return new MetricsRecorderWaitHandle("STOP", this.#native.stop(), this.recorderId);
  }

  /**
   * Registers a metric, or replaces the one of the same name: it keeps its place and starts from
   * zero. An equal definition changes nothing. Events of this thread registered before do not reach
   * it, later ones do. Blocks until the runtime thread has it (at most 5 s).
   *
   * @throws TypeError `ERR_INVALID_ARG_TYPE`; `ERR_INVALID_ARG_VALUE` when the runtime knows one of
   * its event types with other fields
   * @throws {@link MetricsRecorderInvalidStateError} unless STARTING or RUNNING
   */
  registerMetric(metric: RegisteredMetric): void {
    if (!(metric instanceof MetricDefinition)) {
      throw invalidArgType("metric", "a metric made by defineMetric", metric);
    }
    if (!this.#queue.open) throw this.#invalidState();
    const failure = this.#native.registerMetric(nativeDefinition(metric, this.#codecs));
    if (failure !== undefined) throw recorderError(failure, TAKES_EVENTS, this.recorderId);
    this.#codecs.relearnLabels();
    this.#metrics.set(metric.metricName, metric);
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
    const write =
      definition === this.#lastDefinition ? this.#lastWriter : this.#use(definition, event);
    return write(event as unknown as Readonly<Record<string, unknown>>);
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
    const names = checkFieldNames(definition, fieldNames);
    const codec = this.#codecs.of(definition);
    const fields = names.map((name) => codec.field(name));
    return makeWriter(this.#target, codec, fields) as Emitter<Fields, Names>;
  }

  /**
   * Every metric now, by name, in the order of registration; with every event that this thread
   * registered before. Works in every state, also after a shutdown. Blocks (at most 5 s).
   *
   * @throws {@link MetricsRecorderUnexpectedError} when the runtime thread does not answer
   */
  getMetricSnapshots(): MetricSnapshots {
    const { value, failure } = this.#native.snapshots();
    if (failure !== undefined) throw recorderError(failure, [], this.recorderId);
    return decodeSnapshots(value);
  }

  /** The metrics that this thread registered, in the order of their registration. */
  iterMetrics(): IterableIterator<RegisteredMetric> {
    return [...this.#metrics.values()][Symbol.iterator]();
  }

  /** Counts since the recorder was created. Never blocks; works in every state. */
  getStats(): MetricsRecorderStats {
    return recorderStats(this.#native.stats(), this.#queue.queueMaxSize);
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
    throw this.#invalidState();
  }

  #invalidState(): MetricsRecorderInvalidStateError {
    const { fault } = this.#native.stats();
    return new MetricsRecorderInvalidStateError(
      this.getStatus(),
      TAKES_EVENTS,
      fault === "" ? undefined : faultError(fault),
    );
  }
}
