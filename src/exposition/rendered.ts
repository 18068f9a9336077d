/** Bytes that the runtime's thread renders, as this thread waits for them. */
import type { NativeRender } from "../native/boundary.js";
import { runtimeError, wrapForeign } from "../native/failures.js";
import { whenSettled } from "../native/turns.js";
import {
  MetricsRuntimeLoopUnavailableError,
  MetricsRuntimeUnexpectedError,
} from "../runtime/errors.js";
import { EXPOSITION_FORMATS, type WantedRender } from "./exposition-format.js";

/** What is to be rendered, and of whom. */
export interface RenderCall extends WantedRender {
  /** The native side of a runtime or of a recorder. */
  readonly native: { render(format: number, gzip: boolean, observed: boolean): NativeRender };
  /** This thread has just observed, and others are to do so first. */
  readonly observed: boolean;
  /** Of a recorder. */
  readonly recorderId?: string;
}

/** Nobody waits longer than that: then the thread is told to leave it. */
const LIMIT_MS = 60_000;

/** Keeps the process alive until it is there. Rejects with what is the runtime's to throw. */
export async function rendered(call: RenderCall): Promise<Uint8Array> {
  let render: NativeRender | undefined;
  try {
    render = begin(call);
    await settled(render);
    return take(render, 0, call);
  } catch (error) {
    render?.giveUp();
    throw wrapForeign(error, MetricsRuntimeUnexpectedError);
  }
}

/** Blocks this thread until it is there. Throws what is the runtime's to throw. */
export function renderedSync(call: RenderCall): Uint8Array {
  try {
    return take(begin(call), LIMIT_MS, call);
  } catch (error) {
    throw wrapForeign(error, MetricsRuntimeUnexpectedError);
  }
}

function begin({ native, format, gzip, observed }: RenderCall): NativeRender {
  return native.render(EXPOSITION_FORMATS.indexOf(format), gzip, observed);
}

/** Until it has settled, or the limit is over. */
function settled(render: NativeRender): Promise<void> {
  return new Promise((resolve) => {
    // Keeps the process alive meanwhile.
    const limit = setTimeout(resolve, LIMIT_MS);
    const whenDone = (): void => {
      clearTimeout(limit);
      resolve();
    };
    try {
      whenSettled(render, whenDone);
    } catch (error) {
      clearTimeout(limit);
      throw error;
    }
  });
}

function take(render: NativeRender, limitMs: number, { recorderId = "" }: RenderCall): Uint8Array {
  const failure = render.wait(limitMs);
  if (failure === undefined) return new Uint8Array(render.takeBytes());
  render.giveUp();
  throw failure === false
    ? new MetricsRuntimeLoopUnavailableError(LIMIT_MS)
    : runtimeError(failure, { recorderId });
}
