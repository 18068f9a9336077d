/** The stages of one operation, as log events: `invoke`, then `success` or `failed`. */
import type { Channel } from "node:diagnostics_channel";
import { isPromise } from "node:util/types";
import { MetricsError } from "../errors/metrics-error.js";
import { publish } from "./log-channel.js";
import type { LogContext } from "./log-context.js";
import type { LogEventOutcome } from "./log-event.js";
import { LogLevel } from "./log-level.js";
import { isOutcome, type Outcome, observeOutcome } from "./outcome.js";

type Payload = Readonly<Record<string, unknown>>;

/** What the stages of one operation have in common. */
export interface Stages {
  readonly eventName: string;
  readonly channel: Channel;
  readonly context: LogContext | undefined;
  /** Read at each stage. */
  readonly entityId: () => string | undefined;
  /** Read at each stage. */
  readonly fields: () => Payload;
  /** Nobody could catch what is raised. */
  readonly unattended?: boolean;
}

/** Each is logged once, whatever number of layers it passes; channels tell the end of every call. */
const told = new WeakSet<object>();

/**
 * Runs an operation and logs its stages. Of a promise and of a wait handle the end is logged, of everything
 * else the return.
 *
 * @param kwargs the arguments by name; those that are `undefined` are left out
 * @returns what the operation returns; for a promise one that settles likewise
 * @throws what the operation throws; LogContextUnableToLogError under `raise`, at `invoke` instead of running
 */
export function runLogged<Result>(
  stages: Stages,
  operation: () => Result,
  kwargs: () => Payload = noMore,
): Result {
  log(stages, "invoke", () => invokePayload(kwargs()));
  let result: Result;
  try {
    result = operation();
  } catch (error) {
    logFailed(stages, error);
    throw error;
  }
  if (isPromise(result)) return logSettled(stages, result) as Result;
  if (isOutcome(result)) logEnded(stages, result);
  else logSuccess(stages);
  return result;
}

/** @throws LogContextUnableToLogError under `raise` */
export function logInvoke(stages: Stages): void {
  log(stages, "invoke", noMore);
}

/** @throws LogContextUnableToLogError under `raise` */
export function logSuccess(stages: Stages): void {
  log(stages, "success", noMore);
}

/** Never throws: what is said of a failure must not take its place. */
export function logFailed(stages: Stages, error: unknown): void {
  const once = isObject(error) ? error : {};
  const context = told.has(once) ? undefined : stages.context;
  const failed: Stages = { ...stages, context, unattended: true };
  if (log(failed, "failed", () => ({ error: payloadOf(error) }))) told.add(once);
}

/** The end of a promise, before whoever awaits it sees it; unhandled, it stays so. */
function logSettled(stages: Stages, result: Promise<unknown>): Promise<unknown> {
  return result.then(
    (value) => {
      logSuccess(stages);
      return value;
    },
    (error: unknown) => {
      logFailed(stages, error);
      throw error;
    },
  );
}

/** The end of a wait handle comes when it comes: there is nobody to raise to. */
function logEnded(stages: Stages, result: Outcome): void {
  result[observeOutcome]((error) => {
    if (error === undefined) log({ ...stages, unattended: true }, "success", noMore);
    else logFailed(stages, error);
  });
}

/** @returns whether it was logged */
function log(stages: Stages, eventOutcome: LogEventOutcome, more: () => Payload): boolean {
  const { eventName, channel, context } = stages;
  const entry = () => ({
    level: eventOutcome === "failed" ? LogLevel.ERROR : LogLevel.DEBUG,
    eventName,
    entityId: stages.entityId(),
    eventOutcome,
    payload: () => ({ ...stages.fields(), ...more() }),
  });
  if (channel.hasSubscribers) publish(channel, entry);
  if (context === undefined) return false;
  return stages.unattended ? context.logUnattended(entry) : context.log(entry);
}

function invokePayload(kwargs: Payload): Payload {
  const given = Object.entries(kwargs).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { kwargs: Object.fromEntries(given) };
}

function noMore(): Payload {
  return {};
}

function payloadOf(error: unknown): unknown {
  try {
    return error instanceof MetricsError ? error.toLogPayload() : error;
  } catch {
    return error; // a revoked proxy: payloads are made plain of anything
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
