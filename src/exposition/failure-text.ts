import { describeCause } from "../errors/metrics-error.js";

const MOST_CHARACTERS = 500;

/**
 * `ERR_METRICS_RUNTIME_LOOP_UNAVAILABLE: the event loop …`: what strangers may know of an error, in one line.
 * Never its stack. Anything may have been thrown.
 */
export function failureText(error: unknown): string {
  const { kind, message } = describeCause(error);
  const [line = ""] = message.split(/[\r\n\u2028\u2029]/, 1);
  return `${codeOf(error) ?? kind}: ${line}`.slice(0, MOST_CHARACTERS);
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
