import { describeCause, MetricsError, withCause } from "../errors/metrics-error.js";

const MOST_CHARACTERS = 500;

/**
 * `ERR_METRICS_RUNTIME_LOOP_UNAVAILABLE: the event loop …`: what strangers may know of an error, in one line.
 * Never its stack, and of errors that are not this library's the code or the class alone, also where one is the cause of
 * another, since their messages tell of paths and addresses. Anything may have been thrown.
 */
export function failureText(error: unknown): string {
  const [line = ""] = textOf(error).split(/[\r\n\u2028\u2029]/, 1);
  return line.slice(0, MOST_CHARACTERS);
}

function textOf(error: unknown): string {
  const { kind, message } = describeCause(error);
  const name = codeOf(error) ?? kind;
  if (!isOurs(error)) return name;
  if (error.cause === undefined) return `${name}: ${message}`;
  const ofCause = withCause("", error.cause);
  if (!message.endsWith(ofCause)) return name;
  return `${name}: ${message.slice(0, -ofCause.length)} -> ${textOf(error.cause)}`;
}

function isOurs(error: unknown): error is MetricsError {
  try {
    return error instanceof MetricsError;
  } catch {
    return false; // a revoked proxy
  }
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  try {
    const code: unknown = Reflect.get(error, "code");
    return typeof code === "string" && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : undefined;
  } catch {
    return undefined;
  }
}
