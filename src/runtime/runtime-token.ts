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
  /** The file of the addon that gave it out, which alone knows it. */
  readonly addon: string;
}

export function makeToken(token: string, addon: string): MetricsRuntimeToken {
  return Object.freeze({ kind: KIND, token, addon });
}

/** @throws TypeError `ERR_INVALID_ARG_VALUE` for anything that is no token */
export function checkToken(value: unknown): string {
  if (isPlainObject(value)) {
    const { kind, token } = value as { readonly kind?: unknown; readonly token?: unknown };
    if (kind === KIND && typeof token === "string" && TOKEN.test(token)) return token;
  }
  throw invalidArgValue("token", "must be what share() of a runtime returned", value);
}

/**
 * For a token that nobody here knows.
 *
 * @throws TypeError `ERR_INVALID_ARG_VALUE` when another copy of the package gave it out
 */
export function refuseOfAnotherCopy(token: unknown, ownAddon: string): void {
  const { addon } = token as { readonly addon?: unknown };
  if (typeof addon !== "string" || addon === ownAddon) return;
  const reason = `is of another copy of the package: it was made by ${addon}, here it is ${ownAddon}. All threads must load the same one`;
  throw invalidArgValue("token", reason, token);
}
