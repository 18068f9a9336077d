import type { LogContext } from "../logging/log-context.js";
import { addon, addonFile } from "../native/addon.js";
import type { NativeRuntime } from "../native/boundary.js";
import { runtimeStateAt } from "../native/failures.js";
import { MetricsRuntimeInvalidStateError } from "./errors.js";
import {
  checkAttachOptionKeys,
  checkAttachOptions,
  checkRuntimeOptions,
  type RuntimeSettings,
} from "./runtime-options.js";
import { MetricsRuntimeState } from "./runtime-state.js";
import {
  checkToken,
  type MetricsRuntimeToken,
  makeToken,
  refuseOfAnotherCopy,
} from "./runtime-token.js";

/** What a runtime is on one thread: the native one, the settings it was made with, where it logs. */
export class NativeHandle {
  readonly settings: RuntimeSettings;
  readonly native: NativeRuntime;
  readonly logContext: LogContext | undefined;
  #token: MetricsRuntimeToken | undefined;

  constructor(
    settings: RuntimeSettings,
    native: NativeRuntime,
    logContext: LogContext | undefined,
  ) {
    this.settings = settings;
    this.native = native;
    this.logContext = logContext;
  }

  /** @throws TypeError, RangeError that name the option */
  static make(options: unknown): NativeHandle {
    const { settings, logContext } = checkRuntimeOptions(options);
    return new NativeHandle(settings, new (addon().NativeRuntime)(settings.namespace), logContext);
  }

  /** @throws as `MetricsRuntime.attach` */
  static attach(token: unknown, options: unknown): NativeHandle {
    checkAttachOptionKeys(options);
    const checked = checkToken(token);
    const logContext = checkAttachOptions(options);
    const { runtime: native, attributes } = addon().attachRuntime(checked);
    if (native === undefined) {
      refuseOfAnotherCopy(token, addonFile());
      throw notRunning(MetricsRuntimeState.CLOSED);
    }
    refuseUnlessRunning(native);
    return new NativeHandle(JSON.parse(attributes) as RuntimeSettings, native, logContext);
  }

  /** @throws as `MetricsRuntime.share` */
  share(): MetricsRuntimeToken {
    refuseUnlessRunning(this.native);
    this.#token ??= makeToken(this.native.share(JSON.stringify(this.settings)), addonFile());
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
