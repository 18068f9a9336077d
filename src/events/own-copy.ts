/**
 * The string without what it may be a part of: a slice keeps the whole text that it was cut from
 * alive. As a property name the engine keeps it flat and once, so that a literal in program text is
 * this same string and comparing the two is comparing pointers.
 */
export function ownCopy(text: string): string {
  return Object.keys({ [text]: true })[0] ?? text;
}
