import { LogContext, type LogContextOptions, type LogEvent, LogLevel } from "metrics-runtime";

const LEVEL_NAMES = new Map<number, string>(
  Object.entries(LogLevel).map(([name, level]) => [level, name]),
);

/** One line: level, name, outcome, entity, payload as JSON; `-` for what is `undefined`. */
export function lineOf(event: LogEvent): string {
  const { level, eventName, eventOutcome = "-", entityId = "-", payload } = event;
  const named = LEVEL_NAMES.get(level) ?? `level ${level}`;
  return [named, eventName, eventOutcome, entityId, JSON.stringify(payload)].join(" ");
}

/** `name outcome entity`: what of an event tells the order. */
export function shortOf({ eventName, eventOutcome, entityId }: LogEvent): string {
  return [eventName.replace("metrics_", ""), eventOutcome ?? "-", entityId ?? "-"].join(" ");
}

/** A log context that keeps what is logged. */
export class Log {
  readonly events: LogEvent[] = [];
  /** As {@link lineOf}, with what {@link mark} puts between. */
  readonly lines: string[] = [];
  readonly context: LogContext;

  constructor(options: Omit<LogContextOptions, "sink"> = {}) {
    const log = (event: LogEvent): void => {
      this.events.push(event);
      this.lines.push(lineOf(event));
    };
    this.context = new LogContext({ ...options, sink: { log } });
  }

  /** What the program does at this place. */
  mark(text: string): void {
    this.lines.push(`-- ${text}`);
  }

  /** Forgets what was logged before. */
  clear(): void {
    this.events.length = 0;
    this.lines.length = 0;
  }

  get text(): string {
    return `${this.lines.join("\n")}\n`;
  }

  get short(): string[] {
    return this.events.map(shortOf);
  }

  named(eventName: string): LogEvent[] {
    return this.events.filter((event) => event.eventName === eventName);
  }
}
