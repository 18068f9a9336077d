import type { Engine } from "./engine.mjs";

export interface PushAnswer {
  /** 200, or 202 when something was deleted; 400 when it is refused. */
  readonly status: number;
  readonly told: string;
}

export function startPushgateway(): Promise<Engine>;
export function put(
  url: string,
  job: string,
  body: string | Uint8Array<ArrayBuffer>,
  contentType?: string,
): Promise<PushAnswer>;
export function remove(url: string, job: string): Promise<PushAnswer>;
