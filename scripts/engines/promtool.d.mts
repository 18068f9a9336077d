export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @returns no problems, when it is good */
export function checkMetrics(
  exposition: string,
  options?: { readonly strict?: boolean },
): Promise<{ readonly code: number | null; readonly problems: readonly string[] }>;
export function testRules(file: string): Promise<Outcome>;
export function checkRules(file: string): Promise<Outcome>;
export function checkConfig(file: string): Promise<Outcome>;
