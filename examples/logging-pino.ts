/** What a runtime and its recorders say to pino, and how an application logs its own operations beside them. */
import {
  count,
  defineMetric,
  defineMetricEvent,
  LogContext,
  logInvocation,
  type MetricsRecorderLike,
  MetricsRuntime,
  metricsEventPolicy,
  oneOf,
  pinoSink,
} from "metrics-runtime";
import { pino } from "pino";

const SaveAttempt = defineMetricEvent("document_storage.save_attempt", {
  outcome: oneOf("SUCCESS", "FAILURE"),
});
const saves = defineMetric("document_storage.saves", {
  total: count(SaveAttempt),
  failures: count(SaveAttempt, { where: { outcome: "FAILURE" } }),
});

/** Production code: it says what happened, and lets its calls be logged. */
class DocumentStorage {
  readonly entityId = "documents";
  readonly #recorder: MetricsRecorderLike;
  readonly #logContext: LogContext;

  constructor(recorder: MetricsRecorderLike, logContext: LogContext) {
    this.#recorder = recorder;
    this.#logContext = logContext;
  }

  getLogContext(): LogContext {
    return this.#logContext;
  }

  @logInvocation("document_storage.save", {
    kwargs: (id: string, text: string) => ({ id, characters: text.length }),
  })
  save(id: string, text: string): void {
    const outcome = text === "" ? "FAILURE" : "SUCCESS";
    this.#recorder.registerEvent(SaveAttempt({ outcome }));
    if (outcome === "FAILURE") throw new RangeError(`document ${id} is empty`);
  }
}

// Without time and process, so that every run says the same; yours says both.
const logger = pino({ level: "debug", base: null, timestamp: false });
const application = new LogContext({ namespace: "storage", sink: pinoSink(logger) });
const metrics = new LogContext({
  parent: application, // the same sink
  namespace: "storage.metrics",
  eventPolicy: metricsEventPolicy({ mode: "normal" }),
});

const runtime = new MetricsRuntime({ namespace: "document-storage", logContext: metrics });
runtime.start();
const recorder = runtime.createRecorder("main");
recorder.registerMetric(saves);

const storage = new DocumentStorage(recorder, application);
storage.save("a", "text");
try {
  storage.save("b", "");
} catch {
  // Told already.
}
recorder.getMetricSnapshots(); // logged in the mode "inspection" alone
runtime.shutdown();
