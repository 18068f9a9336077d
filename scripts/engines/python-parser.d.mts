/** A number as JSON has it; what it does not have, as text. */
export type ParsedNumber = number | "NaN" | "+Inf" | "-Inf";

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: ParsedNumber;
  readonly timestamp: ParsedNumber | null;
  readonly exemplar: {
    readonly labels: Readonly<Record<string, string>>;
    readonly value: ParsedNumber;
    readonly timestamp: ParsedNumber | null;
  } | null;
}

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly unit: string;
  readonly samples: readonly ParsedSample[];
}

export interface Parsed {
  readonly families: readonly ParsedFamily[];
  /** Why it is refused; null when it is not. */
  readonly error: string | null;
}

export interface PythonParser {
  readonly pid: number | undefined;
  /** Documents may be sent without waiting for the answers to those before. */
  parse(format: "openmetrics" | "prometheus", exposition: string | Uint8Array): Promise<Parsed>;
  stop(): Promise<void>;
}

export function startPythonParser(): PythonParser;
