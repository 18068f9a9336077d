/** Bytes that the runtime's thread renders, as this thread waits for them. */
import type { NativeFailure, NativeRender } from "../native/boundary.js";
import { runtimeError } from "../native/failures.js";
import { whenSettled } from "../native/turns.js";
import { MetricsRuntimeLoopUnavailableError } from "../runtime/errors.js";
import { EXPOSITION_FORMATS, type ExpositionFormat } from "./exposition-format.js";

/** A runtime or a recorder, natively. */
interface NativeRenderable {
  render(format: number, gzip: boolean): NativeRender;
}

/** What is not there after so long, does not come any more. */
const LIMIT_MS = 60_000;

/** Keeps the process alive until it is there. */
export function rendered(
  native: NativeRenderable,
  format: ExpositionFormat,
  gzip: boolean,
  recorderId?: string,
): Promise<Uint8Array> {
  const render = begin(native, format, gzip);
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (): void => {
      if (settled) return;
      settled = true;
      clearTimeout(limit);
      const failure = render.wait(0);
      if (failure === undefined) resolve(new Uint8Array(render.takeBytes()));
      else reject(errorOf(failure, recorderId));
    };
    const limit = setTimeout(settle, LIMIT_MS);
    try {
      whenSettled(render, settle);
    } catch (error) {
      clearTimeout(limit);
      throw error;
    }
  });
}

/** Blocks this thread until it is there. */
export function renderedSync(
  native: NativeRenderable,
  format: ExpositionFormat,
  gzip: boolean,
  recorderId?: string,
): Uint8Array {
  const render = begin(native, format, gzip);
  const failure = render.wait(LIMIT_MS);
  if (failure !== undefined) throw errorOf(failure, recorderId);
  return new Uint8Array(render.takeBytes());
}

function begin(native: NativeRenderable, format: ExpositionFormat, gzip: boolean): NativeRender {
  return native.render(EXPOSITION_FORMATS.indexOf(format), gzip);
}

function errorOf(failure: false | NativeFailure, recorderId: string | undefined): Error {
  if (failure === false) return new MetricsRuntimeLoopUnavailableError(LIMIT_MS);
  return runtimeError(failure, recorderId === undefined ? {} : { recorderId });
}
