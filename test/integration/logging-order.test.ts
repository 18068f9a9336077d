/** Which events calls bring about, in which order; the files in `golden/` have every one of them whole. */
import { count, defineMetric, defineMetricEvent, type MetricsRecorderHooks } from "metrics-runtime";
import { describe, expect, test } from "vitest";
import { EventLog, Numbered } from "../support/event-log.js";
import { Log } from "../support/log-lines.js";
import { untyped } from "../support/misuse.js";
import { newRuntime, startedRuntime } from "../support/runtimes.js";
import { thrownBy } from "../support/thrown.js";
import { waitUntil } from "../support/wait-until.js";

const Tick = defineMetricEvent("logging-order.tick", {});
const ticks = defineMetric("ticks", { total: count(Tick) });

function scene() {
  const log = new Log();
  const runtime = startedRuntime({ namespace: "shop", logContext: log.context });
  log.clear();
  return { log, runtime };
}

/** A recorder that runs, and a log without its creation. */
function recorderScene(hooks: MetricsRecorderHooks = {}) {
  const { log, runtime } = scene();
  const recorder = runtime.createRecorder("carts", { entityId: "the carts", hooks });
  log.clear();
  return { log, runtime, recorder };
}

/** Throws from the second call on. */
function throwsLater(message: string): () => void {
  let calls = 0;
  return () => {
    if (++calls > 1) throw new Error(message);
  };
}

describe("the log, event by event,", () => {
  test("of a runtime from its start to its end and beyond, and of calls that fail", async () => {
    const log = new Log();
    const runtime = newRuntime({ namespace: "shop", logContext: log.context });
    thrownBy(() => runtime.listRecorderIds());
    runtime.start();
    runtime.start();
    const recorder = runtime.createRecorder(" carts ", { entityId: "the carts", queueMaxSize: 8 });
    thrownBy(() => runtime.createRecorder("carts"));
    thrownBy(() => runtime.createRecorder("next", { queueMaxSize: 0 }));
    thrownBy(() => runtime.createRecorder(" "));
    runtime.getRecorder("carts");
    thrownBy(() => runtime.getRecorder("orders"));
    runtime.tryGetRecorder("orders");
    runtime.listRecorderIds();
    recorder.registerMetric(ticks);
    recorder.getMetricSnapshots();
    recorder.iterMetrics();
    runtime.shutdown();
    runtime.shutdown();
    thrownBy(() => runtime.start());
    thrownBy(() => runtime.createRecorder("carts"));
    thrownBy(() => runtime.getRecorder("carts"));
    thrownBy(() => recorder.registerMetric(defineMetric("more", { total: count(Tick) })));
    recorder.getMetricSnapshots();
    await expect(log.text).toMatchFileSnapshot("golden/runtime.txt");
  });

  test("of stops and starts that are waited for, awaited, and never looked at", async () => {
    const { log, recorder } = recorderScene();
    const waited = recorder.stop();
    log.mark("stop() has returned");
    waited.wait();
    log.mark("wait() has returned");
    const awaited = recorder.start();
    log.mark("start() has returned");
    await awaited;
    log.mark("the await is over");
    recorder.stop().wait();
    recorder.start();
    log.mark("start() has returned, nobody looks");
    await waitUntil(
      () => log.named("metrics_recorder.start").length === 4,
      () => log.lines,
    );
    recorder.stop();
    log.mark("stop() has returned, nobody looks");
    await waitUntil(
      () => log.named("metrics_recorder.stop").length === 6,
      () => log.lines,
    );
    await expect(log.text).toMatchFileSnapshot("golden/wait-handles.txt");
  });

  test("of starts and stops whose result is a failure", async () => {
    const { log, runtime, recorder } = recorderScene();
    expect(await recorder.start()).toMatchObject({ success: false });
    log.mark("started while it ran");
    recorder.stop().wait();
    expect(recorder.stop().wait()).toMatchObject({ success: false });
    log.mark("stopped twice");
    runtime.stopAndRemoveRecorder("carts");
    expect(await recorder.start()).toMatchObject({ success: false });
    log.mark("started after its removal");
    await expect(log.text).toMatchFileSnapshot("golden/failed-results.txt");
  });

  test("of a start whose onStarting throws", async () => {
    const { log, runtime, recorder } = recorderScene({ onStarting: throwsLater("not again") });
    recorder.stop().wait();
    const handle = recorder.start();
    log.mark("start() has returned");
    expect(await handle).toMatchObject({ success: false });
    expect(recorder.stop().wait()).toMatchObject({ success: false });
    const { text } = log;
    thrownBy(() => runtime.stopAndRemoveRecorder("carts")); // whose failure the shutdown would tell
    await expect(text).toMatchFileSnapshot("golden/on-starting-throws.txt");
  });

  test("of stops whose onStopped throws: its own, the runtime's, a removal, a shutdown", async () => {
    const { log, runtime } = scene();
    const hooks = {
      onStopped: () => {
        throw new Error("no disk");
      },
    };
    for (const id of ["own", "stopped", "removed", "shut"]) runtime.createRecorder(id, { hooks });
    log.clear();
    runtime.getRecorder("own").stop().wait();
    thrownBy(() => runtime.stopRecorder("stopped"));
    thrownBy(() => runtime.stopAndRemoveRecorder("removed"));
    thrownBy(() => runtime.shutdown());
    await expect(log.text).toMatchFileSnapshot("golden/on-stopped-throws.txt");
  });

  test("of calls from inside hooks, which stand between the stages of the call around them", async () => {
    const { log, runtime } = scene();
    const recorder = runtime.createRecorder("carts", {
      hooks: {
        onStarting: (starting) => {
          starting.registerMetric(ticks);
          thrownBy(() => runtime.stopRecorder("carts"));
        },
        onStopped: (stopped) => void stopped.getMetricSnapshots(),
      },
    });
    recorder.stop().wait();
    await expect(log.text).toMatchFileSnapshot("golden/inside-hooks.txt");
  });

  test("of removals: running, stopped already, unknown; and of what the id is used for then", async () => {
    const { log, runtime, recorder } = recorderScene();
    runtime.createRecorder("orders");
    log.clear();
    runtime.stopAndRemoveRecorder("carts");
    runtime.stopRecorder("orders");
    runtime.stopRecorder("orders");
    runtime.stopAndRemoveRecorder("orders");
    thrownBy(() => runtime.stopRecorder("orders"));
    thrownBy(() => runtime.stopAndRemoveRecorder("carts"));
    runtime.createRecorder("carts");
    recorder.getMetricSnapshots();
    await expect(log.text).toMatchFileSnapshot("golden/removals.txt");
  });

  test("of a shutdown, which encloses the stops of the recorders that run", async () => {
    const { log, runtime } = scene();
    for (const id of ["first", "stopped", "second", "third"]) runtime.createRecorder(id);
    runtime.stopRecorder("stopped");
    log.clear();
    runtime.shutdown();
    await expect(log.text).toMatchFileSnapshot("golden/shutdown.txt");
  });

  test("of a stop that nobody has looked at when the shutdown comes", async () => {
    const { log, runtime, recorder } = recorderScene();
    runtime.createRecorder("orders");
    log.clear();
    recorder.stop();
    runtime.shutdown();
    await expect(log.text).toMatchFileSnapshot("golden/shutdown-after-stop.txt");
  });
});

test("of two stops at once, each is told to its end, as its handle says", async () => {
  const { log, recorder } = recorderScene();
  const results = await Promise.all([recorder.stop(), recorder.stop()]);
  const ends = log.events.map(({ eventOutcome }) => eventOutcome);
  expect(ends.slice(0, 2)).toEqual(["invoke", "invoke"]);
  const told = results.map(({ success }) => (success ? "success" : "failed"));
  expect(ends.slice(2).sort()).toEqual(told.sort());
});

test("a creation whose onStarting throws is told by the start inside it, and once", () => {
  const { log, runtime } = scene();
  const onStarting = () => {
    throw new Error("no disk");
  };
  const thrown = thrownBy(() => runtime.createRecorder("carts", { hooks: { onStarting } }));
  expect(log.short).toEqual([
    "runtime.create_recorder invoke shop",
    "recorder.start invoke carts",
    "recorder.start failed carts",
  ]);
  expect(log.events.at(-1)?.payload).toMatchObject({
    state: "FAILURE",
    error: { kind: "MetricsRuntimeRecorderStartupError", message: thrown.message },
  });
});

test.each(["stopRecorder", "stopAndRemoveRecorder", "shutdown"] as const)(
  "a stop by %s that ends what events bring about without end is told as any",
  (stop) => {
    const { log, runtime } = scene();
    const recorder = runtime.createRecorder("carts");
    recorder.registerMetric(
      new EventLog("endless", () => {
        if (recorder.getStatus() === "RUNNING") recorder.registerEvent(Numbered({ n: 1 }));
        return true;
      }),
    );
    recorder.registerEvent(Numbered({ n: 0 }));
    log.clear();
    if (stop === "shutdown") runtime.shutdown();
    else runtime[stop]("carts");
    // Such a stream may fill its queue, and that is told as well; nothing else is.
    const told = log.short.filter((line) => !line.startsWith("recorder.events_dropped "));
    expect(told.slice(1, -1)).toEqual([
      "recorder.stop invoke carts",
      "recorder.stop success carts",
    ]);
  },
);

test("a metric without a name that can be read is told without, and refused as ever", () => {
  for (const errorHandling of ["raise", "print_stderr"] as const) {
    const log = new Log({ errorHandling });
    const recorder = startedRuntime({ logContext: log.context }).createRecorder("carts");
    log.clear();
    expect(thrownBy(() => untyped(recorder.registerMetric, recorder)(undefined))).toMatchObject({
      code: "ERR_INVALID_ARG_TYPE",
    });
    expect(log.lines[0]).toBe(
      'DEBUG metrics_recorder.register_metric invoke carts {"state":"RUNNING"}',
    );
    expect(log.short.length).toBe(2);
  }
});

test("what error a policy has kept back from the inner call, the outer one may tell", () => {
  const eventPolicy = {
    isEnabled: ({ eventName }: { eventName: string }) => eventName !== "metrics_recorder.start",
  };
  const log = new Log({ eventPolicy });
  const runtime = startedRuntime({ namespace: "shop", logContext: log.context });
  log.clear();
  const onStarting = () => {
    throw new Error("no disk");
  };
  thrownBy(() => runtime.createRecorder("carts", { hooks: { onStarting } }));
  expect(log.short).toEqual([
    "runtime.create_recorder invoke shop",
    "runtime.create_recorder failed shop",
  ]);
});

test("registerEvent and emitters are not logged, whatever comes of them", () => {
  const { log, recorder, runtime } = recorderScene();
  recorder.registerMetric(ticks);
  const emit = recorder.emitter(Tick, []);
  const counter = recorder.counter("requests", { help: "Requests." });
  log.clear();
  emit();
  recorder.registerEvent(Tick());
  counter.add(1);
  thrownBy(() => recorder.registerEvent({} as never));
  expect(log.lines).toEqual([]);
  runtime.stopRecorder("carts");
  log.clear();
  thrownBy(() => emit());
  thrownBy(() => recorder.registerEvent(Tick()));
  recorder.getStats();
  recorder.getStatus();
  runtime.getStats();
  runtime.getStatus();
  expect(log.lines).toEqual([]);
});

test("a recorder with a log context of its own tells its part there, the runtime the rest", () => {
  const { log, runtime } = scene();
  const own = new Log({ namespace: "own", parent: log.context });
  runtime.createRecorder("carts", { logContext: own.context }).getMetricSnapshots();
  runtime.stopAndRemoveRecorder("carts");
  expect(log.short).toEqual([
    "runtime.create_recorder invoke shop",
    "runtime.create_recorder success shop",
    "runtime.stop_and_remove_recorder invoke shop",
    "runtime.stop_and_remove_recorder success shop",
  ]);
  expect(own.short).toEqual([
    "recorder.start invoke carts",
    "recorder.start success carts",
    "recorder.get_metric_snapshots invoke carts",
    "recorder.get_metric_snapshots success carts",
    "recorder.stop invoke carts",
    "recorder.stop success carts",
  ]);
  expect(new Set(own.events.map(({ eventNamespace }) => eventNamespace))).toEqual(new Set(["own"]));
  expect(new Set(log.events.map(({ eventNamespace }) => eventNamespace))).toEqual(
    new Set([undefined]),
  );
});

test("an event is frozen, with the seconds since the epoch at which it was made", () => {
  const { log, runtime } = scene();
  const before = Date.now() / 1_000;
  runtime.listRecorderIds();
  const after = Date.now() / 1_000;
  expect(log.events).toHaveLength(2);
  for (const event of log.events) {
    expect(Object.keys(event).sort()).toEqual([
      "entityId",
      "eventName",
      "eventNamespace",
      "eventOutcome",
      "level",
      "payload",
      "timestamp",
    ]);
    expect(event.timestamp).toBeGreaterThanOrEqual(before);
    expect(event.timestamp).toBeLessThanOrEqual(after);
    expect(Object.isFrozen(event)).toBe(true);
  }
});

test("with no log context there is none to get, and none of a recorder", () => {
  const runtime = startedRuntime();
  expect(runtime.getLogContext()).toBeUndefined();
  expect(runtime.createRecorder("a").getLogContext()).toBeUndefined();
  const { log, runtime: logged, recorder } = recorderScene();
  expect([logged.getLogContext(), recorder.getLogContext()]).toEqual([log.context, log.context]);
});
