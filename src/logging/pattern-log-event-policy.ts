import { checkArray, checkOptions, isPlainObject } from "../errors/argument-checks.js";
import { invalidArgType } from "../errors/argument-errors.js";
import type { LogEventHeader, LogEventPolicy } from "./log-event.js";
import { CompiledRule, type LogEventRule } from "./log-event-rule.js";
import { QualifiedNames } from "./qualified-names.js";

const MAX_RULES = 10_000;

/** Rules by patterns. */
export interface PatternLogEventPolicyOptions {
  /** What becomes of events that no rule matches; default: they are enabled. */
  readonly defaultEnabled?: boolean | undefined;
  /** The first that matches decides; default: none. */
  readonly rules?: readonly LogEventRule[] | undefined;
}

/**
 * Decides by shell-style patterns (`*`, `?`, `[a-z]`, `[!a-z]`; whole texts, case-sensitive). The lists of
 * a rule are joined by "and", the patterns of a list by "or".
 *
 * What an event lacks, a namespace or an entity, no pattern matches, not even `*`, but for the empty one:
 * `entityIds: ["*"]` are the events that have an entity, `entityIds: [""]` those that have none.
 */
export class PatternLogEventPolicy implements LogEventPolicy {
  readonly #defaultEnabled: boolean;
  readonly #rules: readonly CompiledRule[];
  /** `undefined`: no rule asks for them. */
  readonly #qualifiedNames: QualifiedNames | undefined;

  /** The options are copied: what becomes of them later changes nothing. */
  constructor(options: PatternLogEventPolicyOptions = {}) {
    const { defaultEnabled, rules } = checkOptions("options", options, ["defaultEnabled", "rules"]);
    this.#defaultEnabled = checkDefault("options.defaultEnabled", defaultEnabled);
    this.#rules = checkRules("options.rules", rules);
    this.#qualifiedNames = this.#rules.some((rule) => rule.needsQualifiedName)
      ? new QualifiedNames()
      : undefined;
  }

  /**
   * Of plain data, such as JSON and YAML give, in the form of the constructor's options:
   * `{ "defaultEnabled": false, "rules": [{ "action": "allow", "eventNames": ["metrics_runtime.*"] }] }`.
   * Errors name the place: `options.rules[0].eventNames[0]`.
   */
  static fromMapping(options: unknown): PatternLogEventPolicy {
    if (!isPlainObject(options)) throw invalidArgType("options", "a plain object", options);
    return new PatternLogEventPolicy(options);
  }

  /** As the first rule says that matches, else as `defaultEnabled`. */
  isEnabled(event: LogEventHeader): boolean {
    const qualifiedName = this.#qualifiedNames?.of(event) ?? "";
    for (const rule of this.#rules) {
      if (rule.matches(event, qualifiedName)) return rule.enables;
    }
    return this.#defaultEnabled;
  }
}

function checkDefault(name: string, value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== "boolean") throw invalidArgType(name, "of type boolean", value);
  return value;
}

function checkRules(name: string, value: unknown): readonly CompiledRule[] {
  if (value === undefined) return [];
  return checkArray(name, value, 0, MAX_RULES).map(
    (rule, index) => new CompiledRule(`${name}[${index}]`, rule),
  );
}
