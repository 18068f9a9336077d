export interface SeededBug {
  readonly name: string;
  readonly file: string;
  readonly what: string;
  readonly check: string;
  readonly names: RegExp;
}
export function seededBugs(): SeededBug[];
