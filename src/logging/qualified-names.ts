import type { LogEventHeader } from "./log-event.js";

/** Programs have few names of events; one that makes them up must not fill the memory. */
const MAX_NAMES = 1_000;

/** The `namespace.name` of events, made once for each; the name alone of one without a namespace. */
export class QualifiedNames {
  /** Of the names in {@link #names}. */
  #namespace = "";
  readonly #names = new Map<string, string>();

  of({ eventNamespace, eventName }: LogEventHeader): string {
    if (eventNamespace === undefined) return eventName;
    if (eventNamespace !== this.#namespace || this.#names.size >= MAX_NAMES) {
      this.#names.clear();
      this.#namespace = eventNamespace;
    }
    const known = this.#names.get(eventName);
    if (known !== undefined) return known;
    const made = `${eventNamespace}.${eventName}`;
    this.#names.set(eventName, made);
    return made;
  }
}
