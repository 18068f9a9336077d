/**
 * The addon as it is: plain data, the same names in the same order as `native/binding/`. Nothing
 * outside `src/native/` and the classes that wrap these objects uses it.
 */

export type NativeFailureKind =
  | "RUNTIME_STATE"
  | "STARTUP"
  | "SHUTDOWN"
  | "LOOP_UNAVAILABLE"
  | "ALREADY_EXISTS"
  | "NOT_FOUND"
  | "NAME_TAKEN"
  /** Another metric is exposed under the name `message`. */
  | "SAMPLE_NAME_TAKEN"
  /** Two labels of the metric are exposed under the name `message`. */
  | "LABEL_NAME_TAKEN"
  | "RECORDER_STATE"
  | "RECORDER_FAULT"
  | "OUT_OF_MEMORY";

/** Why a call did not succeed; which members mean something depends on `kind`. */
export interface NativeFailure {
  readonly kind: NativeFailureKind;
  /** Index into the states of `MetricsRuntimeState`. */
  readonly runtimeState: number;
  /** Index into the states of `MetricsRecorderState`. */
  readonly recorderState: number;
  readonly waitedMs: number;
  readonly faultKind: NativeFaultKind;
  readonly message: string;
  readonly osCode?: string;
  readonly errno?: number;
  readonly syscall?: string;
  readonly recorderFaults: readonly {
    readonly recorderId: string;
    readonly kind: NativeFaultKind;
    readonly message: string;
  }[];
}

export type NativeResult<Value> =
  | { readonly value: Value; readonly failure?: undefined }
  | { readonly value?: undefined; readonly failure: NativeFailure };

export interface NativeRuntimeStats {
  /** The OS's thread id; 0 while no thread runs. */
  readonly threadId: number;
  readonly loopTurns: number;
  readonly wakeUps: number;
  readonly eventsDrained: number;
  readonly deepestQueue: number;
  readonly drainTimeMs: number;
}

export interface NativeRecorderStats {
  readonly accepted: number;
  readonly dropped: number;
  readonly dispatched: number;
  readonly pending: number;
  readonly invalid: number;
  readonly undelivered: number;
  readonly hookFailures: number;
  readonly observationsFailed: number;
  readonly labelsOverflowed: number;
  readonly seriesOverflowed: number;
  readonly faultKind: NativeFaultKind;
  /** Why the recorder failed; empty when it did not. */
  readonly fault: string;
}

export interface NativeFieldSpec {
  readonly name: string;
  /** Index into the kinds of `src/events/field-kinds.ts`. */
  readonly kind: number;
  readonly members: readonly string[];
  readonly maxValues: number;
}

export interface NativeEventDeclaration {
  readonly eventType: string;
  readonly fields: readonly NativeFieldSpec[];
}

export type NativeEventRegistration =
  | { readonly eventClasses: readonly NativeEventClass[]; readonly refusal?: undefined }
  | {
      /** The type is known with other fields; there are as many classes as there can be. */
      readonly refusal: "OTHER_FIELDS" | "TOO_MANY";
      /** The index of the declaration. */
      readonly refused: number;
    };

/** An event class as records carry it. */
export interface NativeEventClass {
  readonly id: number;
  /** The length of a record, in words of 8 bytes. */
  readonly words: number;
  /** For each field, its distance from the start of the record in bytes. */
  readonly offsets: readonly number[];
}

export interface NativeMetricDefinition {
  readonly name: string;
  readonly fingerprint: string;
  readonly dimensions: readonly NativeDimension[];
}

export interface NativeDimension {
  readonly name: string;
  /** Empty: there is none. */
  readonly help: string;
  readonly unit: string;
  readonly aggregation: NativeAggregation;
  readonly maxSeries: number;
  readonly sources: readonly NativeEventSource[];
}

/** Each kind brings the options that it has. */
export interface NativeAggregation {
  readonly kind: string;
  readonly buckets?: readonly number[];
  readonly maxSize?: number;
  readonly quantiles?: readonly number[];
  readonly relativeError?: number;
}

export interface NativeEventSource {
  readonly eventClassId: number;
  readonly where: readonly NativeCondition[];
  /** The field whose value counts; `undefined`: `step` counts. */
  readonly field: number | undefined;
  readonly step: number;
  /** The fields that tell series apart, in the order of the dimension's `by`. */
  readonly by: readonly number[];
}

export interface NativeCondition {
  readonly field: number;
  /** Strings for label fields, else the numbers that records carry. */
  readonly values: readonly (number | string)[];
}

export type NativeFaultKind =
  | "NONE"
  | "DISPATCHER"
  | "ON_STARTING_HOOK"
  | "ON_STOPPED_HOOK"
  | "UNFINISHED_START";

export interface NativeOperation {
  /** `false`: not settled within the limit. `undefined`: succeeded. */
  wait(limitMs: number): false | NativeFailure | undefined;
  same(other: NativeOperation): boolean;
  /** See `NativeAddon.onSignal`. */
  signalWhenSettled(): void;
}

/** An exposition on its way. */
export interface NativeRender extends NativeOperation {
  /** Once it has succeeded; once. */
  takeBytes(): ArrayBuffer;
  /** Nobody waits for it any more: the runtime's thread goes on with something else. */
  giveUp(): void;
}

export interface NativeBeginning {
  readonly operation: NativeOperation;
  /** By this call; else it has ended, or is one that was under way. */
  readonly begun: boolean;
}

/** What the threads that use a recorder know of it. */
export interface NativeRecorderOrigin {
  /** Tells recorders of one id apart. */
  readonly serial: number;
  readonly queueMaxSize: number;
  /** As `createRecorder` was given them. */
  readonly attributes: string;
}

export interface NativeInstrumentDefinition {
  readonly name: string;
  /** Equal for equal definitions and for no others. */
  readonly fingerprint: string;
  readonly labels: readonly string[];
  readonly maxSeries: number;
  /** Numbers of `native/core/slot_meaning.h`. */
  readonly kind: number;
  readonly combine: number;
  readonly buckets: readonly number[];
  readonly maxSize: number;
  /** 0: never. */
  readonly expireAfterMs: number;
  /** Its threads set it when they are asked to. */
  readonly observed: boolean;
  /** Never goes down. */
  readonly monotonic: boolean;
  readonly help: string;
  /** Empty: there is none. */
  readonly unit: string;
}

/** A window of counts of an exponential histogram. */
export interface NativeBuckets {
  /** The index of the first bucket. */
  readonly base: number;
  /** How many there are; with 0, the rest means nothing. */
  readonly size: number;
  readonly chunk: Float64Array;
  /** The index of the first count in the chunk. */
  readonly first: number;
}

export interface NativeInstrument {
  /**
   * From now on the slots count for the series with these labels (`undefined`: the overflow series).
   * 0: they do. 1: the overflow series; with labels, nothing has changed. 2: none are read any more.
   */
  addSlots(labels: readonly string[] | undefined, chunk: Float64Array, first: number): 0 | 1 | 2;
  /**
   * Where series expire or are observed: the slots are not read any more. What was in them stays in the
   * sum over threads; with the last slots of a series it ends. `false`: they are read, since they are a
   * part of what other threads have there too, or somebody else is just reading.
   */
  removeSlots(chunk: Float64Array, first: number): boolean;
  /**
   * Of an exponential histogram: the counts for these slots are in these buckets, positive and negative
   * ones, from now on, and not where they were before. `false`: the slots are not read any more.
   */
  setBuckets(
    chunk: Float64Array,
    first: number,
    scale: number,
    buckets: readonly NativeBuckets[],
  ): boolean;
  /** Greater than those before, on whichever thread; not 0. */
  nextSequence(): number;
}

export interface NativeRecorder {
  origin(): NativeRecorderOrigin;
  /** It was removed, or its runtime has ended: no ring of it is used any more. */
  letGo(): boolean;
  /** How often it came to STOPPED. */
  stops(): number;
  state(): number;
  start(): NativeBeginning;
  stop(): NativeBeginning;
  /** A start in two steps: when begun, `finishStart` or `abandonStart` follows. */
  beginStart(): NativeBeginning;
  finishStart(): void;
  abandonStart(reason: string): void;
  /** The second step of a creation that was held; a failure has abandoned it. */
  finishCreation(): NativeFailure | undefined;
  abandonCreation(reason: string): void;
  failStopped(reason: string): void;
  registerMetric(definition: NativeMetricDefinition): NativeFailure | undefined;
  /** The place of a metric that runs in this thread, which is signalled of events from then on. */
  registerCustomMetric(name: string): NativeFailure | undefined;
  quarantine(name: string): void;
  quarantined(): string[];
  countHookFailure(): void;
  addInstrument(definition: NativeInstrumentDefinition): NativeResult<NativeInstrument>;
  /** Keeps the memory as long as the native side reads it. Once, before any slot in it is added. */
  holdSlots(slots: Float64Array): void;
  /** A thread may have several handles on one recorder. */
  isHandleOfSame(other: NativeRecorder): boolean;
  /**
   * This thread has something to observe in the recorder: it is signalled when another one looks, and
   * when the recorder was let go.
   */
  addObserver(): void;
  /** The number of the last round in which others wait for this thread to observe; 0: nobody does. */
  observationAsked(): number;
  /** It has observed since it was asked for that round. */
  observed(round: number): void;
  countObservationFailure(): void;
  /**
   * Of the custom metrics, those of this thread, with `null`. `observed`: this thread has just
   * observed, and others are to do so first (at most 100 ms).
   */
  snapshots(observed: boolean): NativeResult<ArrayBuffer>;
  /** Likewise, in the format with that number. */
  render(format: number, gzip: boolean, observed: boolean): NativeRender;
  stats(): NativeRecorderStats;
}

export interface NativeRuntime {
  state(): number;
  start(): NativeFailure | undefined;
  shutdown(): NativeFailure | undefined;
  /** From CLOSED to FAILURE. */
  failClosed(): void;
  flush(): void;
  wake(): void;
  stats(): NativeRuntimeStats;
  /** Whether the handle is on one of its recorders, a removed one included. */
  owns(recorder: NativeRecorder): boolean;
  /** All of them or, when one is refused, none. */
  registerEventClasses(declarations: readonly NativeEventDeclaration[]): NativeEventRegistration;
  internLabel(eventClassId: number, field: number, value: string): number;
  /** Every known value with its number, once the table is full. */
  knownLabels(
    eventClassId: number,
    field: number,
  ): readonly (readonly [value: string, id: number])[] | undefined;
  /**
   * `hold`: it is STARTING until its `finishCreation` or `abandonCreation`. `signals`: see
   * `NativeAddon.onSignal`.
   */
  createRecorder(
    id: string,
    queueMaxSize: number,
    ring: Int32Array,
    attributes: string,
    hold: boolean,
    signals: boolean,
    namespace: string,
    entityId: string,
  ): NativeResult<NativeRecorder>;
  /** For a thread that has no ring of its own in it. */
  openRecorder(id: string, ring: Int32Array): NativeResult<NativeRecorder>;
  findRecorder(id: string): NativeResult<NativeRecorderOrigin>;
  listRecorderIds(): NativeResult<string[]>;
  stopRecorder(id: string): NativeFailure | undefined;
  stopAndRemoveRecorder(id: string): {
    readonly removed?: NativeRecorder;
    readonly failure?: NativeFailure;
  };
  /** As that of a recorder, for all. */
  render(format: number, gzip: boolean, observed: boolean): NativeRender;
  /** The token under which `attachRuntime` finds it. */
  share(attributes: string): string;
}

export interface NativeAddon {
  /** Of the package that it was compiled for. */
  readonly version: string;
  readonly NativeRuntime: new (namespace: string) => NativeRuntime;
  readonly ringLayout: Readonly<Record<string, number>>;
  /** Whether the system can make a memory barrier in all threads of this process. */
  readonly hasProcessBarrier: boolean;
  /** No `runtime`: the one that was shared is gone, or none was. */
  readonly attachRuntime: (token: string) => {
    readonly runtime?: NativeRuntime;
    readonly attributes: string;
  };
  /**
   * Called on a turn of this thread's loop after an operation settled or a recorder stopped that had
   * been asked to signal, while events are due for this thread's own metrics, and when another thread
   * waits for this one to observe.
   */
  readonly onSignal: (listener: () => void) => void;
  /** The largest doubles not above 2^(j/256), j = 0 … 255, and 2. */
  readonly exponentialBounds: () => Float64Array;
  readonly emptyCall: () => void;
}
