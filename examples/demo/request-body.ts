import type { IncomingMessage } from "node:http";
import { finished } from "node:stream/promises";

/**
 * Reads a request's body to its end, so that the connection stays usable, but keeps no more than `keepBytes` of it
 * (rounded up to a chunk).
 */
export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #keepBytes: number;
  readonly #chunks: Buffer[] = [];
  #receivedBytes = 0;

  constructor(request: IncomingMessage, keepBytes: number) {
    this.#request = request;
    this.#keepBytes = keepBytes;
    request.on("data", (chunk: Buffer) => this.#take(chunk));
  }

  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** What was kept, once all has arrived. Rejects when the client left before that. */
  async read(): Promise<Buffer> {
    await finished(this.#request, { writable: false });
    return Buffer.concat(this.#chunks);
  }

  #take(chunk: Buffer): void {
    if (this.#receivedBytes < this.#keepBytes) {
      this.#chunks.push(chunk);
    }
    this.#receivedBytes += chunk.length;
  }
}
