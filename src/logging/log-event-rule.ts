import { checkArray, checkMember, checkOptions, checkText } from "../errors/argument-checks.js";
import { invalidArgType } from "../errors/argument-errors.js";
import type { LogEventHeader } from "./log-event.js";
import { Pattern } from "./pattern.js";

const MAX_PATTERNS = 10_000;

/**
 * What becomes of the events that it matches: those that every list it has matches by any of its patterns;
 * without lists, all events. A list must not be empty.
 */
export interface LogEventRule {
  /** Whether they are logged. */
  readonly action: "allow" | "deny";
  /** Patterns of `namespace.name`; of an event without a namespace, of the name alone. */
  readonly events?: readonly string[] | undefined;
  /** Patterns of namespaces. */
  readonly eventNamespaces?: readonly string[] | undefined;
  /** Patterns of names. */
  readonly eventNames?: readonly string[] | undefined;
  /** Patterns of what they happened to. */
  readonly entityIds?: readonly string[] | undefined;
}

/** A rule, checked, copied and made ready. */
export class CompiledRule {
  readonly enables: boolean;
  /** Whether {@link matches} needs the `namespace.name` of events. */
  readonly needsQualifiedName: boolean;
  readonly #events: readonly Pattern[] | undefined;
  readonly #eventNamespaces: readonly Pattern[] | undefined;
  readonly #eventNames: readonly Pattern[] | undefined;
  readonly #entityIds: readonly Pattern[] | undefined;

  /** @param path where the rule stands, for messages: `options.rules[2]` */
  constructor(path: string, value: unknown) {
    if (value === undefined) throw invalidArgType(path, "of type object", value);
    const rule = checkOptions(path, value, [
      "action",
      "events",
      "eventNamespaces",
      "eventNames",
      "entityIds",
    ]);
    this.enables = checkMember(`${path}.action`, rule.action, ["allow", "deny"]) === "allow";
    this.#events = patternsOf(`${path}.events`, rule.events);
    this.#eventNamespaces = patternsOf(`${path}.eventNamespaces`, rule.eventNamespaces);
    this.#eventNames = patternsOf(`${path}.eventNames`, rule.eventNames);
    this.#entityIds = patternsOf(`${path}.entityIds`, rule.entityIds);
    this.needsQualifiedName = this.#events !== undefined;
  }

  matches(event: LogEventHeader, qualifiedName: string): boolean {
    return (
      anyMatches(this.#events, qualifiedName) &&
      anyMatches(this.#eventNames, event.eventName) &&
      anyMatches(this.#eventNamespaces, event.eventNamespace) &&
      anyMatches(this.#entityIds, event.entityId)
    );
  }
}

/** Of what the event lacks, the empty pattern alone. */
function anyMatches(patterns: readonly Pattern[] | undefined, text: string | undefined): boolean {
  if (patterns === undefined) return true;
  for (const pattern of patterns) {
    if (text === undefined ? pattern.isEmpty : pattern.matches(text)) return true;
  }
  return false;
}

function patternsOf(path: string, value: unknown): readonly Pattern[] | undefined {
  if (value === undefined) return undefined;
  return checkArray(path, value, 1, MAX_PATTERNS).map(
    (pattern, index) => new Pattern(checkText(`${path}[${index}]`, pattern)),
  );
}
