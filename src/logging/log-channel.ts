import { type Channel, channel } from "node:diagnostics_channel";
import type { LogEntry } from "./log-context.js";
import { type LogEvent, LogPayloadVerbosity } from "./log-event.js";
import { plainLogPayload } from "./log-payload.js";

const VERBOSITY = { verbosity: LogPayloadVerbosity.NORMAL };

const channels = new Map<string, Channel>();
/** While subscribers run on this thread: what they bring about is not published itself. */
let publishing = false;

/** The channel of `node:diagnostics_channel` that bears the name of an event; subscribers need no log context. */
export function channelOf(eventName: string): Channel {
  let found = channels.get(eventName);
  if (found === undefined) {
    found = channel(eventName);
    channels.set(eventName, found);
  }
  return found;
}

/**
 * Gives subscribers the event, as a context without a namespace would log it. Never throws: Node.js lets what a
 * subscriber throws come up by itself.
 */
export function publish(to: Channel, make: () => LogEntry): void {
  if (publishing) return;
  publishing = true;
  try {
    const { payload = {}, ...header } = make();
    const raw = typeof payload === "function" ? payload() : payload;
    const event: LogEvent = {
      entityId: undefined,
      eventOutcome: undefined,
      ...header,
      eventNamespace: undefined,
      timestamp: Date.now() / 1_000,
      payload: plainLogPayload(raw, VERBOSITY) as LogEvent["payload"],
    };
    to.publish(Object.freeze(event));
  } catch {
    // Something in it cannot be shown: the call goes on without.
  } finally {
    publishing = false;
  }
}
