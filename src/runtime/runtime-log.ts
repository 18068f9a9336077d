/** Which calls of a runtime are logged, and as what. */
import { logInvocation, logMethods } from "../logging/log-invocation.js";
import type { MetricsRuntime } from "./metrics-runtime.js";

const fields = (runtime: MetricsRuntime) => ({ state: runtime.getStatus() });

export function logRuntimeCalls(prototype: MetricsRuntime): void {
  const logged = (operation: string, ...names: readonly string[]) =>
    logInvocation<MetricsRuntime, never>(`metrics_runtime.${operation}`, {
      logContext: (runtime) => runtime.getLogContext(),
      entityId: (runtime) => runtime.entityId,
      fields,
      kwargs: (...args: readonly unknown[]) =>
        Object.fromEntries(names.map((name, index) => [name, args[index]])),
    });
  logMethods(prototype, {
    start: logged("start"),
    shutdown: logged("shutdown"),
    createRecorder: logged("create_recorder", "id", "options"),
    getRecorder: logged("get_recorder", "id"),
    tryGetRecorder: logged("try_get_recorder", "id"),
    listRecorderIds: logged("list_recorder_ids"),
    stopRecorder: logged("stop_recorder", "id"),
    stopAndRemoveRecorder: logged("stop_and_remove_recorder", "id"),
  });
}
