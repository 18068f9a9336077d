/** The sums by which the soak tells a loss, a double and a change of order have to be those of the metrics. */
import { expect, test } from "vitest";
import { INSTRUMENTS } from "../soak/instruments.js";
import { beginStreams, ExpectedStream, registerOf, streamOf } from "../soak/stream.js";
import { startedRuntime } from "../support/runtimes.js";

const PLACES = ["here", "there"];

function streams() {
  const recorder = startedRuntime().createRecorder("a", { queueMaxSize: 10_000 });
  beginStreams(recorder, PLACES);
  const expected = new ExpectedStream();
  return { recorder, expected };
}

test.each(["emitter", "registerEvent"] as const)(
  "a stream through %s is what is expected",
  (way) => {
    const { recorder, expected } = streams();
    const register = registerOf(recorder, "here", way);
    for (let n = 0; n < 5_000; n++) expect(register(n)).toBe(true);
    expected.goOnTo(5_000);
    expect(streamOf(recorder.getMetricSnapshots(), "here")).toEqual(expected.values);
    expect(streamOf(recorder.getMetricSnapshots(), "there")).toEqual(new ExpectedStream().values);
  },
);

test.each([
  ["lost", [0, 1, 3, 4]],
  ["doubled", [0, 1, 2, 2, 3, 4]],
])("an event that is %s is seen", (_, numbers) => {
  const { recorder, expected } = streams();
  const register = registerOf(recorder, "here", "emitter");
  for (const n of numbers) register(n);
  expected.goOnTo(5);
  expect(streamOf(recorder.getMetricSnapshots(), "here")).not.toEqual(expected.values);
});

test.each(INSTRUMENTS.filter(({ name }) => name !== "rooms"))(
  "what $name comes to is what is expected after each write",
  ({ prepare, hold, expected, found }) => {
    const recorder = startedRuntime().createRecorder("a");
    hold?.(recorder, PLACES);
    const write = prepare(recorder, "here");
    for (let n = 0; n < 3_000; n++) {
      if (n < 40 || n % 511 < 3) {
        expect(found(recorder.getMetricSnapshots(), "here")).toEqual(expected(n));
      }
      expect(write(n)).toBe(true);
    }
  },
);
