/** What the machine asks: the same pattern of access to memory, with nothing checked and nothing chosen. */
import { loadAddon } from "../internals.js";
import { openDrainedRing, openUnreadRing, type RawRing } from "../raw-ring.js";
import { SETS, VALUE_MASK, VALUES } from "./inputs.js";
import { FLOOR, FLOORS } from "./operations.js";
import { type Row, row, SAMPLE_OPERATIONS, type Subject } from "./row.js";

export const QUEUE_EVENTS = 2 ** 16;
/** Room for a sample. A ring is drained from half full on, so a queue that is waited for stays above that. */
export const READY_BELOW = QUEUE_EVENTS - 2 * SAMPLE_OPERATIONS;
export const EVENT_CLASSES = 8;

interface Slot {
  readonly f64: Float64Array;
  readonly k: number;
}

export function openFloors(): Subject {
  const drained = openDrainedRing(QUEUE_EVENTS, EVENT_CLASSES);
  const unread = openUnreadRing(QUEUE_EVENTS);
  return {
    rows: [...memoryFloors(), ...ringFloors(drained, unread), ...callFloors()],
    skipped: [],
    close: () => {
      drained.close();
      unread.close();
    },
  };
}

function slots(count: number): readonly [Slot, Slot, Slot] {
  const slot = (k: number): Slot => ({
    f64: new Float64Array(new SharedArrayBuffer((count + k) * Float64Array.BYTES_PER_ELEMENT)),
    k,
  });
  return [slot(8), slot(17), slot(40)];
}

function memoryFloors(): Row[] {
  return [
    row(FLOORS.empty, FLOOR, [0, 1, 2], (start, operations) => {
      let sum = start;
      for (let i = 0; i < operations; i++) sum += i & 7;
      return sum;
    }),
    row(FLOORS.slot, FLOOR, slots(1), ({ f64, k }, operations) => {
      for (let i = 0; i < operations; i++) f64[k] = (f64[k] as number) + 1;
      return operations;
    }),
    row(FLOORS.slots64, FLOOR, slots(64), ({ f64, k }, operations) => {
      for (let i = 0; i < operations; i++) {
        const index = k + (i & 63);
        f64[index] = (f64[index] as number) + 1;
      }
      return operations;
    }),
    row(FLOORS.slots320, FLOOR, slots(SETS), ({ f64, k }, operations) => {
      for (let i = 0, set = 0; i < operations; i++) {
        const index = k + set;
        f64[index] = (f64[index] as number) + 1;
        set = set === SETS - 1 ? 0 : set + 1;
      }
      return operations;
    }),
    row(FLOORS.store, FLOOR, slots(1), ({ f64, k }, operations) => {
      for (let i = 0; i < operations; i++) f64[k] = VALUES[i & VALUE_MASK] as number;
      return operations;
    }),
    row(FLOORS.values, FLOOR, slots(1), ({ f64, k }, operations) => {
      for (let i = 0; i < operations; i++) {
        f64[k] = (f64[k] as number) + (VALUES[i & VALUE_MASK] as number);
      }
      return operations;
    }),
  ];
}

function ringFloors(drained: RawRing, unread: RawRing): Row[] {
  return [
    {
      ...row(FLOORS.ringDrained, FLOOR, [drained], (ring, operations) => {
        let sum = 0;
        for (let i = 0; i < operations; i++) sum += ring.write(i & 7, i, i * 0.5) ? 1 : 0;
        return sum;
      }),
      ready: () => {
        while (drained.pending() > READY_BELOW);
      },
    },
    row(FLOORS.ringUnread, FLOOR, [unread], (ring, operations) => {
      let sum = 0;
      for (let i = 0; i < operations; i++) sum += ring.write(i & 7, i, i * 0.5) ? 1 : 0;
      return sum;
    }),
  ];
}

function callFloors(): Row[] {
  return [
    row(FLOORS.clock, FLOOR, [0, 1, 2], (start, operations) => {
      let sum = start;
      for (let i = 0; i < operations; i++) {
        const begin = performance.now();
        sum += performance.now() - begin;
      }
      return sum;
    }),
    row(FLOORS.nativeCall, FLOOR, [loadAddon()], ({ emptyCall }, operations) => {
      for (let i = 0; i < operations; i++) emptyCall();
      return operations;
    }),
  ];
}
