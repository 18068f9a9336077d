import { addon } from "../native/addon.js";
import type { NativeRuntime } from "../native/boundary.js";
import { runtimeStateAt } from "../native/failures.js";
import { MetricsRuntimeInvalidStateError } from "./errors.js";
import { checkRuntimeOptions, type RuntimeSettings } from "./runtime-options.js";
import { MetricsRuntimeState } from "./runtime-state.js";
import { checkToken, type MetricsRuntimeToken, makeToken } from "./runtime-token.js";

/** What a runtime is on one thread: the native one, and the settings it was made with. */
export class NativeHandle {
  readonly settings: RuntimeSettings;
  readonly native: NativeRuntime;
  #token: MetricsRuntimeToken | undefined;

  constructor(settings: RuntimeSettings, native: NativeRuntime) {
    this.settings = settings;
    this.native = native;
  }

  /** @throws TypeError, RangeError that name the option */
  static make(options: unknown): NativeHandle {
    const settings = checkRuntimeOptions(options);
    return new NativeHandle(settings, new (addon().NativeRuntime)(settings.namespace));
  }

  /** @throws as `MetricsRuntime.attach` */
  static attach(token: unknown): NativeHandle {
    const { runtime: native, attributes } = addon().attachRuntime(checkToken(token));
    if (native === undefined) throw notRunning(MetricsRuntimeState.CLOSED);
    refuseUnlessRunning(native);
    return new NativeHandle(JSON.parse(attributes) as RuntimeSettings, native);
  }

  /** @throws as `MetricsRuntime.share` */
  share(): MetricsRuntimeToken {
    refuseUnlessRunning(this.native);
    this.#token ??= makeToken(this.native.share(JSON.stringify(this.settings)));
    return this.#token;
  }
}

function refuseUnlessRunning(native: NativeRuntime): void {
  const state = runtimeStateAt(native.state());
  if (state !== MetricsRuntimeState.RUNNING) throw notRunning(state);
}

function notRunning(state: MetricsRuntimeState): MetricsRuntimeInvalidStateError {
  return new MetricsRuntimeInvalidStateError(state, [MetricsRuntimeState.RUNNING]);
}
