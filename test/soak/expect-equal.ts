import { isDeepStrictEqual } from "node:util";

/**
 * @param of whose values they are
 * @throws Error that says which of them differ, by name where they are objects
 */
export function expectEqual(of: string, when: string, expected: unknown, found: unknown): void {
  if (isDeepStrictEqual(found, expected)) return;
  throw new Error(`${of}, ${when}: ${differences(expected, found)}`);
}

function differences(expected: unknown, found: unknown): string {
  if (typeof expected !== "object" || typeof found !== "object" || !expected || !found) {
    return `expected ${JSON.stringify(expected)}, actual ${JSON.stringify(found)}`;
  }
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  const values = (name: string) =>
    [expected, found].map((one) => (one as Record<string, unknown>)[name]);
  return [...names]
    .filter((name) => !isDeepStrictEqual(values(name)[0], values(name)[1]))
    .map((name) => `${name}: expected ${values(name)[0]}, actual ${values(name)[1]}`)
    .join("; ");
}
