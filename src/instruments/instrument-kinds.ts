import { BucketFinder } from "./bucket-finder.js";
import { type CounterInstrument, LabelledCounter, PlainCounter } from "./counter.js";
import { ExplicitHistogram, explicitWidth, PlainExplicitHistogram } from "./explicit-histogram.js";
import { EXPONENTIAL_WIDTH } from "./exponential-buckets.js";
import { ExponentialHistogram } from "./exponential-histogram.js";
import { giveBackWindows } from "./exponential-windows.js";
import { GaugeInstrument } from "./gauge.js";
import { prepareExtremes } from "./histogram.js";
import {
  checkGaugeOptions,
  checkHistogramOptions,
  checkInstrumentOptions,
  type InstrumentSettings,
} from "./instrument-options.js";
import type { InstrumentParts } from "./instrument-parts.js";
import type { SlotMemory, Slots } from "./slots.js";

/** A kind of instrument: its options, its slots and how it is made. */
export interface InstrumentKind<Instrument> {
  readonly name: string;
  /** The number that `native/core/slot_meaning.h` gives to the meaning of its slots. */
  readonly meaning: (settings: InstrumentSettings) => number;
  /** Its threads set it when they are asked to; series without a value are not there. */
  readonly observed?: true;
  /** No value below it can be counted. */
  readonly least: number;
  readonly check: (options: unknown) => InstrumentSettings;
  /** How many slots a series has. */
  readonly width: (settings: InstrumentSettings) => number;
  /** What is in them that nobody has written to, where it is not 0. */
  readonly prepare: (slots: Slots) => void;
  /** Gives back the memory that the slots at a place refer to, before they are given back. */
  readonly release: (memory: SlotMemory, place: number, settings: InstrumentSettings) => void;
  readonly make: (parts: InstrumentParts) => Instrument;
}

const nothing = (): void => {};

const hasLabels = ({ settings }: InstrumentParts): boolean => settings.labels.length > 0;

const makeCounter = (parts: InstrumentParts, least: number): CounterInstrument =>
  hasLabels(parts) ? new LabelledCounter(parts, least) : new PlainCounter(parts, least);

export const COUNTER: InstrumentKind<CounterInstrument> = {
  name: "counter",
  meaning: () => 0,
  least: 0,
  check: checkInstrumentOptions,
  width: () => 1,
  prepare: nothing,
  release: nothing,
  make: (parts) => makeCounter(parts, 0),
};

export const UP_DOWN_COUNTER: InstrumentKind<CounterInstrument> = {
  ...COUNTER,
  name: "upDownCounter",
  least: Number.NEGATIVE_INFINITY,
  make: (parts) => makeCounter(parts, Number.NEGATIVE_INFINITY),
};

export const GAUGE: InstrumentKind<GaugeInstrument> = {
  name: "gauge",
  meaning: () => 1,
  least: Number.NEGATIVE_INFINITY,
  check: checkGaugeOptions,
  width: () => 2,
  prepare: nothing,
  release: nothing,
  make: (parts) => new GaugeInstrument(parts),
};

const isExplicit = ({ buckets }: InstrumentSettings): boolean => buckets.length > 0;

type AnyHistogram = ExplicitHistogram | PlainExplicitHistogram | ExponentialHistogram;

export const HISTOGRAM: InstrumentKind<AnyHistogram> = {
  name: "histogram",
  meaning: (settings) => (isExplicit(settings) ? 2 : 3),
  least: Number.NEGATIVE_INFINITY,
  check: checkHistogramOptions,
  width: (settings) => (isExplicit(settings) ? explicitWidth(settings.buckets) : EXPONENTIAL_WIDTH),
  prepare: prepareExtremes,
  release: (memory, place, settings) => {
    if (!isExplicit(settings)) giveBackWindows(memory, place);
  },
  make: (parts) => {
    if (!isExplicit(parts.settings)) return new ExponentialHistogram(parts);
    const buckets = new BucketFinder(parts.settings.buckets);
    return hasLabels(parts)
      ? new ExplicitHistogram(parts, buckets)
      : new PlainExplicitHistogram(parts, buckets);
  },
};
