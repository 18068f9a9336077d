import { CounterInstrument, CounterSeries } from "./counter.js";
import { GaugeInstrument, GaugeSeries } from "./gauge.js";
import { COUNTS, HistogramInstrument, HistogramSeries } from "./histogram.js";
import {
  checkGaugeOptions,
  checkHistogramOptions,
  checkInstrumentOptions,
  type InstrumentSettings,
} from "./instrument-options.js";
import type { RecorderDoor } from "./recorder-door.js";
import type { SeriesSource } from "./series-set.js";
import type { Slots } from "./slots.js";

/** What an instrument is made of. */
export interface InstrumentParts {
  readonly name: string;
  readonly door: RecorderDoor;
  readonly settings: InstrumentSettings;
  readonly nextSequence: () => number;
  /** @param least no value below it can be counted */
  source<Series>(least: number, seriesAt: (slots: Slots) => Series): SeriesSource<Series>;
}

/** A kind of instrument: its options, its slots and how it is made. */
export interface InstrumentKind<Instrument> {
  readonly name: string;
  /** The number that `native/core/slot_meaning.h` gives to the meaning of its slots. */
  readonly meaning: number;
  /** Its threads set it when they are asked to; series without a value are not there. */
  readonly observed?: true;
  readonly check: (options: unknown) => InstrumentSettings;
  /** How many slots a series has. */
  readonly width: (settings: InstrumentSettings) => number;
  /** What is in them that nobody has written to, where it is not 0. */
  readonly prepare: (slots: Slots) => void;
  readonly make: (parts: InstrumentParts) => Instrument;
}

const nothing = (): void => {};

export const COUNTER: InstrumentKind<CounterInstrument> = {
  name: "counter",
  meaning: 0,
  check: checkInstrumentOptions,
  width: () => 1,
  prepare: nothing,
  make: ({ door, source }) =>
    new CounterInstrument(source(0, (slots) => new CounterSeries(door, slots, 0))),
};

export const UP_DOWN_COUNTER: InstrumentKind<CounterInstrument> = {
  ...COUNTER,
  name: "upDownCounter",
  make: ({ door, source }) => {
    const least = Number.NEGATIVE_INFINITY;
    return new CounterInstrument(source(least, (slots) => new CounterSeries(door, slots, least)));
  },
};

export const GAUGE: InstrumentKind<GaugeInstrument> = {
  name: "gauge",
  meaning: 1,
  check: checkGaugeOptions,
  width: () => 2,
  prepare: nothing,
  make: ({ door, settings, nextSequence, source }) => {
    // Without an order between threads, that it was set is all there is to say.
    const sequence = settings.combine === "last" ? nextSequence : () => 1;
    const seriesAt = (slots: Slots) => new GaugeSeries(door, slots, sequence);
    return new GaugeInstrument(source(Number.NEGATIVE_INFINITY, seriesAt));
  },
};

export const HISTOGRAM: InstrumentKind<HistogramInstrument> = {
  name: "histogram",
  meaning: 2,
  check: checkHistogramOptions,
  width: ({ buckets }) => COUNTS + buckets.length + 1,
  prepare: ({ f64, first }) => {
    f64[first + 1] = Number.POSITIVE_INFINITY;
    f64[first + 2] = Number.NEGATIVE_INFINITY;
  },
  make: ({ door, settings, source }) => {
    const bounds = Float64Array.from(settings.buckets);
    const seriesAt = (slots: Slots) => new HistogramSeries(door, slots, bounds);
    return new HistogramInstrument(source(Number.NEGATIVE_INFINITY, seriesAt));
  },
};
