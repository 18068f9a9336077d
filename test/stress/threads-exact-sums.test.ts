import * as library from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { startedRuntime } from "../support/runtimes.js";
import { dimensionsOf, rowsOf } from "../support/snapshots.js";
import { schemaOf, sharedInts, startThreads } from "../support/workers.js";

const { Worked } = schemaOf(library);
const THREADS = 4;
const EVENTS = 5_000_000;
const LIMIT_MS = 120_000;

/** Little work for each event, so that it is the threads and not the metrics that are tested. */
const flood = library.defineMetric("flood", {
  total: library.count(Worked),
  sum: library.sum(Worked, "n"),
  negated: library.sum(Worked, "negated"),
  by_place: library.count(Worked, { by: ["place"] }),
  lasts: library.last(Worked, "n", { by: ["place"] }),
});

describe(`${THREADS} threads that record ${EVENTS} events each at full speed`, () => {
  test.each([100, 10_000])(
    "into queues of %i are counted exactly: what each was told is what the metrics say",
    async (queueMaxSize) => {
      const runtime = startedRuntime();
      const recorder = runtime.createRecorder("a", { queueMaxSize });
      recorder.registerMetric(flood);
      const threads = await startThreads(THREADS, runtime);
      const gate = sharedInts(1);
      const begin = performance.now();
      const told = await Promise.all(
        threads.map((thread, index) =>
          thread.run(
            ({ runtime, schema, meet }, gate, parties, events, place) => {
              const emit = schema.emitterOf(runtime.getRecorder("a"));
              meet(gate, parties);
              const counts = { accepted: 0, sum: 0, last: 0 };
              for (let n = 0; n < events; n++) {
                if (!emit(n, place)) continue;
                counts.accepted++;
                counts.sum += n;
                counts.last = n;
              }
              return counts;
            },
            gate,
            THREADS,
            EVENTS,
            `thread ${index}`,
          ),
        ),
      );
      const seconds = (performance.now() - begin) / 1_000;
      expect(recorder.stop().wait()).toMatchObject({ success: true });
      const add = (name: "accepted" | "sum") => told.reduce((sum, each) => sum + each[name], 0);
      const [accepted, sum] = [add("accepted"), add("sum")];
      const offered = THREADS * EVENTS;
      const perSecond = Math.round(offered / seconds / 1e6);
      console.log(
        `queues of ${queueMaxSize}: ${offered} events from ${THREADS} threads in ` +
          `${seconds.toFixed(1)} s, ${perSecond} million/s; accepted ${accepted}`,
      );
      const dimensions = dimensionsOf(recorder, "flood");
      expect(dimensions).toMatchObject({ total: accepted, sum, negated: -sum });
      const of = (dimension: string) =>
        Object.fromEntries(rowsOf(recorder, "flood", dimension) as [string, number][]);
      const ofThreads = (name: "accepted" | "last") =>
        Object.fromEntries(told.map((each, index) => [`thread ${index}`, each[name]]));
      expect(of("by_place")).toEqual(ofThreads("accepted"));
      expect(of("lasts")).toEqual(ofThreads("last"));
      expect(recorder.getStats()).toMatchObject({
        offered,
        accepted,
        dropped: offered - accepted,
        dispatched: accepted,
        pending: 0,
        invalid: 0,
        lastError: undefined,
      });
    },
    LIMIT_MS,
  );
});
