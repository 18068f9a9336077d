import { isPlainObject } from "../errors/argument-checks.js";
import { invalidArgValue } from "../errors/argument-errors.js";

const KIND = "metrics-runtime.token";
const TOKEN = /^[0-9a-f]{32}$/;

/** Stands for a running runtime of this process; any message can carry it to another thread. */
export interface MetricsRuntimeToken {
  /** Tells it from other objects. */
  readonly kind: typeof KIND;
  /** Names the runtime; means nothing in another process. */
  readonly token: string;
}

export function makeToken(token: string): MetricsRuntimeToken {
  return Object.freeze({ kind: KIND, token });
}

/** @throws TypeError `ERR_INVALID_ARG_VALUE` for anything that is no token */
export function checkToken(value: unknown): string {
  if (isPlainObject(value)) {
    const { kind, token } = value as { readonly kind?: unknown; readonly token?: unknown };
    if (kind === KIND && typeof token === "string" && TOKEN.test(token)) return token;
  }
  throw invalidArgValue("token", "must be what share() of a runtime returned", value);
}
