import { checkFunction } from "./argument-checks.js";
import { invalidArgType } from "./argument-errors.js";

/** An object, or a function, with these methods. */
export function checkMethods(name: string, value: unknown, methods: readonly string[]): object {
  const held = typeof value === "function" || (typeof value === "object" && value !== null);
  if (!held) throw invalidArgType(name, `an object with ${methods.join(", ")}`, value);
  for (const method of methods) checkFunction(`${name}.${method}`, Reflect.get(value, method));
  return value;
}
