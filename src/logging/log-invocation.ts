import { checkFunction, checkName, checkOptions } from "../errors/argument-checks.js";
import { channelOf } from "./log-channel.js";
import { checkLogContext, type LogContext } from "./log-context.js";
import { runLogged, type Stages } from "./log-stages.js";

type Payload = Readonly<Record<string, unknown>>;

/** Where an invocation is logged, and with what. `self` is what the method was called on. */
export interface LogInvocationOptions<Self = unknown, Args extends readonly unknown[] = never> {
  /** Default: what `self.getLogContext()` gives, if there is such a method. */
  readonly logContext?: ((self: Self) => LogContext | undefined) | undefined;
  /** Read at each stage; default: `self.entityId`. */
  readonly entityId?: ((self: Self) => string | undefined) | undefined;
  /** Read at each stage into the payload; default: none. */
  readonly fields?: ((self: Self) => Payload) | undefined;
  /** The arguments by name, for the payload at `invoke`; absent ones are left out. Default: none. */
  readonly kwargs?: ((...args: Args) => Payload) | undefined;
}

/** A function, or a method before it was decorated. */
type Method<Self, Args extends readonly unknown[], Result> = (this: Self, ...args: Args) => Result;

/** Whether what takes `Given` may be called with `Args`: it may take fewer. */
type Takes<Given extends readonly unknown[], Args extends readonly unknown[]> = ((
  ...args: Given
) => unknown) extends (...args: Args) => unknown
  ? unknown
  : never;

/** Wraps a function; also a standard (TC39) method decorator. */
export type InvocationLogger<Self, LoggedArgs extends readonly unknown[]> = <
  This extends Self,
  Args extends readonly unknown[],
  Result,
>(
  method: Method<This, Args, Result> & Takes<LoggedArgs, Args>,
  context?: ClassMethodDecoratorContext<This>,
) => Method<This, Args, Result>;

const OPTION_KEYS = ["logContext", "entityId", "fields", "kwargs"] as const;

/**
 * Logs what calls of a function do: `invoke` before (DEBUG), then `success` (DEBUG) or `failed` (ERROR), and
 * throws on what was thrown. An error is told once, however many logged calls it passes. Of a promise and of a
 * wait handle the end is logged, of everything else the return. A promise comes back as one that settles likewise,
 * everything else as it is.
 *
 * With no log context and no subscriber of the channel of that name (`node:diagnostics_channel`) the function is
 * called and nothing else happens.
 *
 * @example
 * ```ts
 * class Orders {
 *   constructor(readonly entityId: string, readonly logContext: LogContext) {}
 *   getLogContext() { return this.logContext; }
 *
 *   @logInvocation("orders.place", { kwargs: (order: Order) => ({ order }) })
 *   place(order: Order) { … }
 * }
 * const place = logInvocation("orders.place", { logContext: () => logContext })(placeOrder);
 * ```
 *
 * @throws TypeError `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`; the logged function throws
 * `LogContextUnableToLogError` where its context has `errorHandling: "raise"`: at `invoke` instead of running
 */
export function logInvocation<Self = unknown, Args extends readonly unknown[] = readonly unknown[]>(
  eventName: string,
  options?: LogInvocationOptions<Self, Args>,
): InvocationLogger<Self, Args> {
  const name = checkName("eventName", eventName);
  const invocation = new Invocation(name, checked(options));
  return ((method: Method<unknown, unknown[], unknown>) => {
    checkFunction("method", method);
    return invocation.wrap(method);
  }) as InvocationLogger<Self, Args>;
}

class Invocation {
  readonly #eventName: string;
  readonly #options: LogInvocationOptions<unknown, readonly unknown[]>;

  constructor(eventName: string, options: LogInvocationOptions<unknown, readonly unknown[]>) {
    this.#eventName = eventName;
    this.#options = options;
  }

  wrap(method: Method<unknown, unknown[], unknown>): Method<unknown, unknown[], unknown> {
    const channel = channelOf(this.#eventName);
    const { logContext: contextOf = ownContext } = this.#options;
    const run = (context: LogContext | undefined, self: unknown, args: unknown[]): unknown =>
      this.#run(method, context, self, args);
    function logged(this: unknown, ...args: unknown[]): unknown {
      const context = contextOf(this);
      if (context === undefined && !channel.hasSubscribers) return method.apply(this, args);
      return run(context, this, args);
    }
    wrapped.set(logged, method);
    return takeNameOf(method, logged);
  }

  #run(
    method: Method<unknown, unknown[], unknown>,
    context: LogContext | undefined,
    self: unknown,
    args: unknown[],
  ): unknown {
    checkLogContext(`the log context of ${this.#eventName}`, context);
    const { entityId = ownEntityId, fields = noFields, kwargs = noFields } = this.#options;
    const stages: Stages = {
      eventName: this.#eventName,
      channel: channelOf(this.#eventName),
      context,
      entityId: () => entityId(self),
      fields: () => fields(self),
    };
    return runLogged(
      stages,
      () => method.apply(self, args),
      () => kwargs(...args),
    );
  }
}

function checked(options: unknown): LogInvocationOptions<unknown, readonly unknown[]> {
  const given = checkOptions("options", options, OPTION_KEYS);
  for (const key of OPTION_KEYS) {
    if (given[key] !== undefined) checkFunction(`options.${key}`, given[key]);
  }
  return given as LogInvocationOptions<unknown, readonly unknown[]>;
}

function ownContext(self: unknown): LogContext | undefined {
  const getLogContext: unknown = (self as { getLogContext?: unknown } | undefined)?.getLogContext;
  if (typeof getLogContext !== "function") return undefined;
  return getLogContext.call(self) as LogContext | undefined;
}

function ownEntityId(self: unknown): string | undefined {
  const entityId = (self as { entityId?: unknown } | undefined)?.entityId;
  return typeof entityId === "string" ? entityId : undefined;
}

function noFields(): Payload {
  return {};
}

/** What is behind each wrapper: the benchmark of what it costs has no other way to the method alone. */
const wrapped = new WeakMap<object, Method<unknown, unknown[], unknown>>();

/** @internal The method that was wrapped; one that was not, as it is. */
export function unlogged<Method extends object>(method: Method): Method {
  return (wrapped.get(method) as Method | undefined) ?? method;
}

function takeNameOf(method: object, logged: Method<unknown, unknown[], unknown>): typeof logged {
  for (const key of ["name", "length"]) {
    const property = Object.getOwnPropertyDescriptor(method, key);
    if (property !== undefined) Object.defineProperty(logged, key, property);
  }
  return logged;
}

/** Has methods of a class logged from now on; those that are not named stay as they are. */
export function logMethods<Self extends object>(
  prototype: Self,
  loggers: { readonly [Name in keyof Self]?: InvocationLogger<Self, never> },
): void {
  for (const [name, logger] of Object.entries(loggers) as [
    keyof Self,
    InvocationLogger<Self, never>,
  ][]) {
    const method = prototype[name] as Method<Self, never, unknown>;
    Object.defineProperty(prototype, name, {
      value: logger(method),
      writable: true,
      configurable: true,
    });
  }
}
