import type {
  CreateRecorderOptions,
  MetricsRecorder,
  MetricsRecorderHooks,
  MetricsRuntime,
} from "metrics-runtime";
import { expectTypeOf, test } from "vitest";

const runtime = {} as MetricsRuntime;

test("hooks take the recorder and give nothing", () => {
  expectTypeOf<NonNullable<MetricsRecorderHooks["onStarting"]>>().toEqualTypeOf<
    (recorder: MetricsRecorder) => void
  >();
  expectTypeOf<NonNullable<MetricsRecorderHooks["onStopped"]>>().toEqualTypeOf<
    (recorder: MetricsRecorder) => void
  >();
  expectTypeOf<CreateRecorderOptions["hooks"]>().toEqualTypeOf<MetricsRecorderHooks | undefined>();
});

test("the recorder of a hook needs no annotation", () => {
  runtime.createRecorder("a", {
    hooks: {
      onStarting(recorder) {
        expectTypeOf(recorder).toEqualTypeOf<MetricsRecorder>();
      },
      onStopped: (recorder) => {
        expectTypeOf(recorder).toEqualTypeOf<MetricsRecorder>();
      },
    },
  });
});

test("each hook may be absent, and take less", () => {
  runtime.createRecorder("a", { hooks: undefined });
  runtime.createRecorder("a", { hooks: {} });
  runtime.createRecorder("a", { hooks: { onStarting() {} } });
  runtime.createRecorder("a", { hooks: { onStopped: () => {} } });
});

test("an object of a class may be hooks, with members of its own", () => {
  class Hooks implements MetricsRecorderHooks {
    started = 0;
    onStarting(recorder: MetricsRecorder): void {
      this.started += recorder.recorderId.length;
    }
  }
  runtime.createRecorder("a", { hooks: new Hooks() });
});

test("what is no hook is refused", () => {
  // @ts-expect-error an unknown hook
  runtime.createRecorder("a", { hooks: { onStart: () => {} } });
  // @ts-expect-error no function
  runtime.createRecorder("a", { hooks: { onStarting: "f" } });
  // @ts-expect-error null for a function
  runtime.createRecorder("a", { hooks: { onStopped: null } });
  // @ts-expect-error null for hooks
  runtime.createRecorder("a", { hooks: null });
  // @ts-expect-error a function for hooks
  runtime.createRecorder("a", { hooks: () => {} });
  // @ts-expect-error a parameter that is no recorder
  runtime.createRecorder("a", { hooks: { onStarting: (recorder: MetricsRuntime) => recorder } });
  // @ts-expect-error more parameters than there are
  runtime.createRecorder("a", { hooks: { onStopped: (_: MetricsRecorder, __: string) => {} } });
  // @ts-expect-error hooks are of recorders, not of runtimes
  runtime.start({ onStarting: () => {} });
});
