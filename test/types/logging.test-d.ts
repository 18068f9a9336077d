import {
  type AttachOptions,
  type CreateRecorderOptions,
  type InvocationLogger,
  LogContext,
  type LogContextOptions,
  type LogEntry,
  LogErrorHandling,
  type LogEvent,
  type LogEventHeader,
  type LogEventOutcome,
  type LogEventSink,
  LogLevel,
  type LogPayloadProcessor,
  LogPayloadVerbosity,
  logInvocation,
  type MetricsRecorder,
  type MetricsRecorderWaitHandle,
  MetricsRuntime,
  type MetricsRuntimeOptions,
  type MetricsRuntimeToken,
  plainLogPayload,
} from "metrics-runtime";
import { expectTypeOf, test } from "vitest";

const sink: LogEventSink = { log() {} };
const context = {} as LogContext;
const runtime = {} as MetricsRuntime;
const recorder = {} as MetricsRecorder;
const event = {} as LogEvent;

test("an event has its header, a time and a plain payload, all to be read alone", () => {
  expectTypeOf<LogEvent>().toExtend<LogEventHeader>();
  expectTypeOf<Exclude<keyof LogEvent, keyof LogEventHeader>>().toEqualTypeOf<
    "timestamp" | "payload"
  >();
  expectTypeOf<LogEvent["timestamp"]>().toEqualTypeOf<number>();
  expectTypeOf<LogEvent["payload"]>().toEqualTypeOf<Readonly<Record<string, unknown>>>();
  expectTypeOf<keyof LogEventHeader>().toEqualTypeOf<
    "level" | "eventNamespace" | "eventName" | "entityId" | "eventOutcome"
  >();
  expectTypeOf<LogEvent["eventOutcome"]>().toEqualTypeOf<LogEventOutcome | undefined>();
  expectTypeOf<LogEventOutcome>().toEqualTypeOf<"invoke" | "success" | "failed">();
  expectTypeOf<LogEvent["level"]>().toEqualTypeOf<10 | 20 | 30 | 40 | 50>();
  expectTypeOf<LogEvent["entityId"]>().toEqualTypeOf<string | undefined>();
  // @ts-expect-error nobody changes an event
  event.level = LogLevel.INFO;
});

test("levels, verbosities and error handlings are values and types of one name", () => {
  expectTypeOf<LogLevel>().toEqualTypeOf<10 | 20 | 30 | 40 | 50>();
  expectTypeOf(LogLevel.CRITICAL).toEqualTypeOf<50>();
  expectTypeOf<LogErrorHandling>().toEqualTypeOf<"ignore" | "print_stderr" | "raise">();
  expectTypeOf(LogErrorHandling.RAISE).toEqualTypeOf<"raise">();
  expectTypeOf<LogPayloadVerbosity>().toEqualTypeOf<"SUMMARY" | "NORMAL" | "FULL">();
  expectTypeOf(LogPayloadVerbosity.FULL).toEqualTypeOf<"FULL">();
});

test("a log context is made of a sink, or of a parent, and what else there is may be absent", () => {
  expectTypeOf(new LogContext({ sink })).toEqualTypeOf<LogContext>();
  new LogContext({ parent: context });
  new LogContext({
    namespace: "shop",
    sink,
    payloadProcessor: plainLogPayload,
    parent: undefined,
    eventPolicy: { isEnabled: ({ level }) => level >= LogLevel.WARNING },
    errorHandling: LogErrorHandling.RAISE,
  });
  new LogContext({ sink, namespace: undefined, errorHandling: "ignore" });
  expectTypeOf<keyof LogContextOptions>().toEqualTypeOf<
    "namespace" | "sink" | "payloadProcessor" | "parent" | "eventPolicy" | "errorHandling"
  >();
});

test("the parts of a context need no annotations", () => {
  new LogContext({
    sink: {
      log(event) {
        expectTypeOf(event).toEqualTypeOf<LogEvent>();
      },
    },
    eventPolicy: {
      isEnabled(header) {
        expectTypeOf(header).toEqualTypeOf<LogEventHeader>();
        return true;
      },
    },
    payloadProcessor: (value, { verbosity }) => {
      expectTypeOf(value).toEqualTypeOf<unknown>();
      expectTypeOf(verbosity).toEqualTypeOf<LogPayloadVerbosity>();
      return value;
    },
  });
  // A sink may be asynchronous.
  new LogContext({ sink: { log: async () => {} } });
  expectTypeOf(plainLogPayload).toExtend<LogPayloadProcessor>();
  expectTypeOf(plainLogPayload(1)).toEqualTypeOf<unknown>();
});

test("what is no option of a log context is refused", () => {
  // @ts-expect-error options are needed
  new LogContext();
  // @ts-expect-error an unknown option
  new LogContext({ sink, level: 10 });
  // @ts-expect-error a function is no sink
  new LogContext({ sink: () => {} });
  // @ts-expect-error a function is no policy
  new LogContext({ sink, eventPolicy: () => true });
  // @ts-expect-error a policy decides
  new LogContext({ sink, eventPolicy: { isEnabled: () => "yes" } });
  // @ts-expect-error an unknown error handling
  new LogContext({ sink, errorHandling: "print" });
  // @ts-expect-error a sink is no parent
  new LogContext({ parent: sink });
  // @ts-expect-error null for a sink
  new LogContext({ sink: null, parent: context });
});

test("one may log by oneself, with a payload or what makes it", () => {
  expectTypeOf(
    context.log({ level: LogLevel.INFO, eventName: "shop.open" }),
  ).toEqualTypeOf<boolean>();
  context.log({ level: 10, eventName: "e", payload: { a: 1 } });
  context.log(() => ({ level: 10, eventName: "e", payload: () => ({ a: 1 }) }));
  expectTypeOf<Parameters<LogContext["log"]>>().toEqualTypeOf<
    [entry: LogEntry | (() => LogEntry)]
  >();
  // @ts-expect-error no level of ours
  context.log({ level: 15, eventName: "e" });
  // @ts-expect-error an event has a name
  context.log({ level: 10 });
  // @ts-expect-error a payload has names
  context.log({ level: 10, eventName: "e", payload: "text" });
});

test("runtimes, recorders and attached runtimes take a log context and tell theirs", () => {
  new MetricsRuntime({ namespace: "shop", logContext: context });
  runtime.createRecorder("a", { logContext: context });
  runtime.createRecorder("a", { logContext: undefined });
  MetricsRuntime.attach({} as MetricsRuntimeToken, { logContext: context });
  MetricsRuntime.attach({} as MetricsRuntimeToken);
  for (const taken of [
    {} as MetricsRuntimeOptions["logContext"],
    {} as CreateRecorderOptions["logContext"],
    {} as AttachOptions["logContext"],
    runtime.getLogContext(),
    recorder.getLogContext(),
  ]) {
    expectTypeOf(taken).toEqualTypeOf<LogContext | undefined>();
  }
  // @ts-expect-error a sink is no log context
  new MetricsRuntime({ namespace: "shop", logContext: sink });
  // @ts-expect-error options are no log context
  runtime.createRecorder("a", { logContext: { sink } });
  // @ts-expect-error null for a log context
  MetricsRuntime.attach({} as MetricsRuntimeToken, { logContext: null });
});

test("a logged call of the library has the type that it had", () => {
  expectTypeOf(runtime.start).toEqualTypeOf<() => void>();
  expectTypeOf(runtime.createRecorder).toEqualTypeOf<
    (id: string, options?: CreateRecorderOptions) => MetricsRecorder
  >();
  expectTypeOf(recorder.stop).toEqualTypeOf<() => MetricsRecorderWaitHandle>();
});

test("a wrapped function has the arguments and the result that it had", () => {
  const wrapped = logInvocation("f")((n: number, text?: string) => `${n}${text}`);
  expectTypeOf<Parameters<typeof wrapped>>().toEqualTypeOf<
    [n: number, text?: string | undefined]
  >();
  expectTypeOf(wrapped(1)).toEqualTypeOf<string>();
  expectTypeOf(wrapped(1, "a")).toEqualTypeOf<string>();
  const later = logInvocation("f")(async (...ids: string[]) => ids.length);
  expectTypeOf(later("a", "b")).toEqualTypeOf<Promise<number>>();
  expectTypeOf(
    logInvocation("stop")(() => recorder.stop())(),
  ).toEqualTypeOf<MetricsRecorderWaitHandle>();
  expectTypeOf(logInvocation("f")).toExtend<InvocationLogger<unknown, readonly unknown[]>>();
  // @ts-expect-error an argument is missing
  wrapped();
  // @ts-expect-error of another type
  wrapped("1");
  // @ts-expect-error one too many
  wrapped(1, "a", 2);
});

test("the arguments that kwargs names are those of the function", () => {
  const logger = logInvocation("f", { kwargs: (id: string, n: number) => ({ id, n }) });
  expectTypeOf(logger((id: string, n: number) => id.length + n)("a", 1)).toEqualTypeOf<number>();
  // @ts-expect-error a function of other arguments
  logger((id: boolean, n: number) => [id, n]);
  logInvocation("f", { kwargs: (id: string) => ({ id }) })((id: string, n: number) => id + n);
  logInvocation("f", { kwargs: (...ids: readonly string[]) => ({ ids }) })((id: string) => id);
  // @ts-expect-error kwargs gives names
  logInvocation("f", { kwargs: (id: string) => id });
});

test("accessors read from what the method is called on", () => {
  interface Shop {
    readonly name: string;
    readonly open: boolean;
  }
  const logger = logInvocation<Shop>("shop.sell", {
    logContext: (shop) => {
      expectTypeOf(shop).toEqualTypeOf<Shop>();
      return context;
    },
    entityId: ({ name }) => name,
    fields: ({ open }) => ({ open }),
  });
  const sell = logger(function (this: Shop, id: string) {
    return this.name + id;
  });
  expectTypeOf(sell.call({} as Shop, "a")).toEqualTypeOf<string>();
  // @ts-expect-error called on something else
  sell.call({ name: 1 }, "a");
  // @ts-expect-error an entity is named by text
  logInvocation<Shop>("shop.sell", { entityId: ({ open }) => open });
  // @ts-expect-error a shop has no state
  logInvocation<Shop>("shop.sell", { fields: ({ state }) => ({ state }) });
});

test("as a decorator it leaves a method the type that it had", () => {
  class Orders {
    readonly entityId = "orders";
    placed = 0;

    getLogContext(): LogContext {
      return context;
    }

    @logInvocation("orders.place")
    place(order: string, amount?: number): string {
      return order.repeat(amount ?? 1);
    }

    @logInvocation<Orders, [order: string]>("orders.send", {
      fields: (self) => {
        expectTypeOf(self).toEqualTypeOf<Orders>();
        return { placed: self.placed };
      },
      kwargs: (order) => {
        expectTypeOf(order).toEqualTypeOf<string>();
        return { order };
      },
    })
    async send(order: string): Promise<number> {
      return order.length;
    }

    @logInvocation("orders.count")
    static count(): number {
      return 1;
    }

    // @ts-expect-error a method alone is called
    @logInvocation("orders.field")
    field = 1;
  }
  const orders = {} as Orders;
  expectTypeOf(orders.place).toEqualTypeOf<(order: string, amount?: number) => string>();
  expectTypeOf(orders.send("a")).toEqualTypeOf<Promise<number>>();
  expectTypeOf(Orders.count).toEqualTypeOf<() => number>();
});

test("what logInvocation does not know is refused", () => {
  // @ts-expect-error an unknown option
  logInvocation("f", { level: 10 });
  // @ts-expect-error a log context is what a function gives
  logInvocation("f", { logContext: context });
  // @ts-expect-error an event has a name
  logInvocation();
  // @ts-expect-error what is no function is not wrapped
  logInvocation("f")(7);
});

test("a decorator for methods of one kind of object is refused on another", () => {
  const logger = logInvocation<{ readonly name: string }>("f");
  class Named {
    readonly name = "n";
    @logger
    run(): void {}
  }
  class Nameless {
    // @ts-expect-error it has no name
    @logger
    run(): void {}
  }
  expectTypeOf<Named["run"]>().toEqualTypeOf<Nameless["run"]>();
});
