import type { BurstResult, ObservedRecorder } from "../fixtures/schedule/events.mjs";
import type { OperationOutcome, Outcome, Step } from "../fixtures/schedule/executor.mjs";
import { type Model, ModelRecorder, same } from "./schedule-model.js";
import type { DrivenThread } from "./schedule-threads.js";

const RUNTIME_STATE = "ERR_METRICS_RUNTIME_INVALID_STATE";
const RECORDER_STATE = "ERR_METRICS_RECORDER_INVALID_STATE";
const MISSING = "ERR_METRICS_RUNTIME_RECORDER_NOT_FOUND";
const EXISTS = "ERR_METRICS_RUNTIME_RECORDER_ALREADY_EXISTS";

/** Takes the model through the step, and compares what came of it. */
export function judge(model: Model, thread: DrivenThread, step: Step, outcome: Outcome): void {
  const running = model.stateFor(thread.model) === "RUNNING";
  const ends = (code: string | undefined) => {
    const shown = outcome.error === undefined ? undefined : (outcome.error.code ?? outcome.error);
    same(`what ${step.kind} throws`, shown, code);
  };
  switch (step.kind) {
    case "list":
      ends(running ? undefined : RUNTIME_STATE);
      if (running) same("the ids", outcome.value, [...model.registered.keys()]);
      return;
    case "share":
      ends(running ? undefined : RUNTIME_STATE);
      return;
    case "attach":
      ends(model.state === "RUNNING" ? undefined : RUNTIME_STATE);
      if (model.state === "RUNNING") thread.model.generation = model.generation;
      return;
    case "shutdown":
      ends(undefined);
      if (running) model.shutdown();
      return;
    case "forget":
      ends(undefined);
      for (const key of step.keys) thread.model.known.delete(key);
      return;
    case "create": {
      if (!running) {
        ends(RUNTIME_STATE);
        return;
      }
      if (model.registered.has(step.id)) {
        ends(EXISTS);
        return;
      }
      ends(undefined);
      model.create(new ModelRecorder(step.key, step.id, step.queueMaxSize, model.generation));
      thread.model.known.set(step.key, new Map());
      same("the recorder", outcome.value, step.key);
      return;
    }
    case "get":
    case "tryGet":
    case "stopRecorder":
    case "remove": {
      if (!running) {
        ends(RUNTIME_STATE);
        return;
      }
      const recorder = model.registered.get(step.id);
      if (recorder === undefined) {
        ends(step.kind === "tryGet" ? undefined : MISSING);
        return;
      }
      ends(undefined);
      if (step.kind === "stopRecorder") {
        recorder.state = "STOPPED";
        return;
      }
      if (step.kind === "remove") model.remove(recorder);
      if (!thread.model.known.has(recorder.key)) thread.model.known.set(recorder.key, new Map());
      same("the recorder", outcome.value, recorder.key);
      return;
    }
  }
  const recorder = model.recorder(step.key);
  switch (step.kind) {
    case "read":
      ends(undefined);
      model.checkRecorder(thread.model, outcome.value as ObservedRecorder);
      return;
    case "register":
    case "registerCustom":
      if (recorder.state !== "RUNNING") {
        ends(RECORDER_STATE);
        return;
      }
      ends(undefined);
      if (step.kind === "register") {
        recorder.metrics.registerDeclared(step.metric, step.variant);
        thread.model.registered(step.key, step.metric, "declared");
      } else {
        recorder.metrics.registerCustom(step.metric, thread.model);
        thread.model.registered(step.key, step.metric, "custom");
      }
      return;
    case "burst": {
      // A burst of nothing asks nothing.
      const asks = step.events + step.invalid > 0;
      if (recorder.state !== "RUNNING" && asks) {
        ends(RECORDER_STATE);
        return;
      }
      ends(undefined);
      const burst = outcome.value as BurstResult;
      same("the events offered", burst.offered, step.events);
      recorder.add(burst);
      thread.model.add(step.key, burst);
      return;
    }
    case "stop":
    case "start": {
      ends(undefined);
      const [from, to] =
        step.kind === "stop"
          ? (["RUNNING", "STOPPED"] as const)
          : (["STOPPED", "RUNNING"] as const);
      const { opName, success, code } = outcome.value as OperationOutcome;
      const expected = recorder.state === from && !(step.kind === "start" && recorder.removed);
      same("the operation", opName, step.kind.toUpperCase());
      same(`whether ${step.kind} succeeds (${code})`, success, expected);
      if (expected) recorder.state = to;
      return;
    }
  }
}
