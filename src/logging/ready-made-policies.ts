import { checkMember, checkOptions } from "../errors/argument-checks.js";
import { invalidArgType } from "../errors/argument-errors.js";
import type { LogEventPolicy } from "./log-event.js";
import type { LogEventRule } from "./log-event-rule.js";
import { PatternLogEventPolicy } from "./pattern-log-event-policy.js";

/** How much the ready-made policies log. */
export const MetricsLogPolicyMode = Object.freeze({
  /** Nothing. */
  SILENT: "silent",
  /**
   * What changes something (starts and stops, recorders made and removed, metrics registered) and what
   * the machinery has to report.
   */
  NORMAL: "normal",
  /** Also who looked at what. */
  INSPECTION: "inspection",
} as const);
export type MetricsLogPolicyMode = (typeof MetricsLogPolicyMode)[keyof typeof MetricsLogPolicyMode];

/** What a ready-made policy lets pass. */
export interface MetricsLogPolicyOptions {
  /** How much. */
  readonly mode: MetricsLogPolicyMode;
}

/** The events of one kind of thing: all of them, and those that only look and change nothing. */
interface Family {
  readonly all: string;
  readonly inspections: readonly string[];
}

const RUNTIME: Family = {
  all: "metrics_runtime.*",
  inspections: [
    "metrics_runtime.get_recorder",
    "metrics_runtime.try_get_recorder",
    "metrics_runtime.list_recorder_ids",
  ],
};
const RECORDER: Family = {
  all: "metrics_recorder.*",
  inspections: ["metrics_recorder.get_metric_snapshots", "metrics_recorder.iter_metrics"],
};

/**
 * The events of runtimes (`metrics_runtime.*`), under any namespace, and no others: a context with this
 * policy does not log what recorders do, nor the application's own events.
 */
export function metricsRuntimeEventPolicy(options: MetricsLogPolicyOptions): LogEventPolicy {
  return policyOf([RUNTIME], options);
}

/** The events of recorders (`metrics_recorder.*`), under any namespace, and no others. */
export function metricsRecorderEventPolicy(options: MetricsLogPolicyOptions): LogEventPolicy {
  return policyOf([RECORDER], options);
}

/** The events of runtimes and of recorders, under any namespace, and no others. */
export function metricsEventPolicy(options: MetricsLogPolicyOptions): LogEventPolicy {
  return policyOf([RUNTIME, RECORDER], options);
}

function policyOf(families: readonly Family[], options: unknown): LogEventPolicy {
  if (options === undefined) throw invalidArgType("options", "of type object", options);
  const { mode } = checkOptions("options", options, ["mode"]);
  const known = checkMember("options.mode", mode, Object.values(MetricsLogPolicyMode));
  return new PatternLogEventPolicy({ defaultEnabled: false, rules: RULES[known](families) });
}

/** What no rule matches is denied. */
const RULES: Readonly<
  Record<MetricsLogPolicyMode, (families: readonly Family[]) => readonly LogEventRule[]>
> = {
  silent: () => [],
  normal: (families) => [
    { action: "deny", eventNames: families.flatMap(({ inspections }) => inspections) },
    ...RULES.inspection(families),
  ],
  inspection: (families) => [{ action: "allow", eventNames: families.map(({ all }) => all) }],
};
