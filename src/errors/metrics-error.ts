import { deepFreeze } from "./deep-freeze.js";

/** Plain, deep-frozen facts about an error; which keys there are depends on the error's `code`. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/** What {@link MetricsError.toLogPayload} gives: plain data for a log record. */
export interface ErrorLogPayload {
  /** The error's `code`. */
  readonly reason: string;
  /** The name of its class. */
  readonly kind: string;
  /** For people. */
  readonly message: string;
  /** Which keys there are depends on the `code`. */
  readonly details: ErrorDetails;
  /** What it comes from, if anything. */
  readonly cause?: {
    /** The name of an error, of anything else its type. */
    readonly kind: string;
    /** Its message, or the thing itself as text. */
    readonly message: string;
  };
}

export interface MetricsErrorOptions {
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** What every error class of this package shares: a stable `code`, frozen `details`, a log form. */
export abstract class MetricsError extends Error {
  /** Stable over versions, for programs; the message is for people. */
  abstract readonly code: string;
  /** Facts for programs; frozen through and through. */
  readonly details: ErrorDetails;

  constructor(message: string, options: MetricsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.details = deepFreeze({ ...options.details });
    // The class's name, on the instance and not enumerable, as Error keeps its own properties.
    Object.defineProperty(this, "name", {
      value: new.target.name,
      configurable: true,
      writable: true,
    });
  }

  /** Plain data, for a log record. */
  toLogPayload(): ErrorLogPayload {
    const payload = {
      reason: this.code,
      kind: this.name,
      message: this.message,
      details: this.details,
    };
    if (this.cause === undefined) return payload;
    return { ...payload, cause: describeCause(this.cause) };
  }
}

/** `what[ -> Name: message]`: how messages name their cause. */
export function withCause(what: string, cause: unknown): string {
  if (cause === undefined) return what;
  const { kind, message } = describeCause(cause);
  return `${what} -> ${kind}: ${message}`;
}

/** The name and message of anything that was thrown. */
export function describeCause(cause: unknown): { kind: string; message: string } {
  return attempt(
    () =>
      cause instanceof Error
        ? { kind: textOf(cause.name), message: textOf(cause.message) }
        : { kind: typeof cause, message: textOf(cause) },
    { kind: typeof cause, message: UNSPEAKABLE },
  );
}

/** Instead of what throws when it is looked at: a revoked proxy, a getter. */
const UNSPEAKABLE = "what cannot be shown";

function textOf(value: unknown): string {
  return attempt(
    () => String(value),
    attempt(() => Object.prototype.toString.call(value), UNSPEAKABLE),
  );
}

function attempt<Result>(look: () => Result, otherwise: Result): Result {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
