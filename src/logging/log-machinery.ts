import { channelOf, publish } from "./log-channel.js";
import type { LogContext, LogEntry } from "./log-context.js";

/** Logs what no call brought about. Never throws. */
export function logMachinery(context: LogContext | undefined, entry: LogEntry): void {
  const channel = channelOf(entry.eventName);
  if (channel.hasSubscribers) publish(channel, () => entry);
  context?.logUnattended(entry);
}
