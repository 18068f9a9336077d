/** How invalid-state messages end: `expected 'A'`, or `expected one of: 'A', 'B'`. */
export function describeExpected(states: readonly string[]): string {
  const quoted = states.map((state) => `'${state}'`).join(", ");
  return states.length === 1 ? `expected ${quoted}` : `expected one of: ${quoted}`;
}
