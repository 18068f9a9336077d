/**
 * Makes `instanceof` recognise instances by a process-wide brand, so that it also holds between two
 * loaded copies of the package (two versions in one tree, a test runner's module registry).
 * Subclasses that users derive keep the ordinary, prototype-based check.
 */
export function brand(branded: { readonly name: string; readonly prototype: object }): void {
  const mark = Symbol.for(`metrics-runtime.${branded.name}`);
  Object.defineProperty(branded.prototype, mark, { value: true });
  Object.defineProperty(branded, Symbol.hasInstance, {
    value(this: unknown, candidate: unknown): boolean {
      if (this === branded) {
        return typeof candidate === "object" && candidate !== null && mark in candidate;
      }
      return Function.prototype[Symbol.hasInstance].call(this, candidate);
    },
  });
}
