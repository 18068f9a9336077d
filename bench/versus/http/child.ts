/** A forked process, its messages and its end. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";

export class Child<Message extends { readonly kind: string }> {
  readonly #name: string;
  readonly #process: ChildProcess;
  readonly #received: Message[] = [];
  readonly #closed: Promise<void>;
  #end: string | undefined;
  #wake = (): void => {};

  /** @param program beside this file */
  constructor(program: string, order: object) {
    this.#name = program;
    this.#process = fork(fileURLToPath(new URL(program, import.meta.url)), [JSON.stringify(order)]);
    this.#process.on("message", (message: Message) => {
      this.#received.push(message);
      this.#wake();
    });
    this.#closed = new Promise((resolve) => {
      const ended = (how: string): void => {
        this.#end ??= how;
        this.#wake();
      };
      // "close" comes after the last message, "exit" may not.
      this.#process.once("close", (code, signal) => {
        ended(`ended with ${signal ?? code}`);
        resolve();
      });
      this.#process.on("error", (error) => {
        ended(`failed: ${error.message}`);
        if (this.#process.pid === undefined) resolve();
      });
    });
  }

  send(command: string): void {
    this.#process.send(command);
  }

  /** The next message. @throws when it is of another kind, or none comes any more */
  async receive<Kind extends Message["kind"]>(
    kind: Kind,
  ): Promise<Extract<Message, { readonly kind: Kind }>> {
    while (this.#received.length === 0 && this.#end === undefined) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const message = this.#received.shift();
    if (message === undefined) throw new Error(`${this.#name} ${this.#end}, no "${kind}" came`);
    if (!isOf(message, kind)) throw new Error(`${this.#name} sent "${message.kind}" for "${kind}"`);
    return message;
  }

  /** Waits for its end. @throws when it did not end well */
  async finish(): Promise<void> {
    await this.#closed;
    if (this.#end !== "ended with 0") throw new Error(`${this.#name} ${this.#end}`);
  }

  /** Ends it, unless it has ended. */
  async end(): Promise<void> {
    this.#process.kill("SIGKILL");
    await this.#closed;
  }
}

function isOf<Message extends { readonly kind: string }, Kind extends Message["kind"]>(
  message: Message,
  kind: Kind,
): message is Extract<Message, { readonly kind: Kind }> {
  return message.kind === kind;
}
