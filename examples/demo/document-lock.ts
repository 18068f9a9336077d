/** Lets one writer at a time work on a document, in the order of arrival. Others are not held up. */
export class DocumentLock {
  readonly #lastWriters = new Map<string, Promise<void>>();

  async exclusively<T>(id: string, work: () => Promise<T>): Promise<T> {
    const previous = this.#lastWriters.get(id) ?? Promise.resolve();
    const result = previous.then(work);
    const settled = result.then(ignore, ignore);
    this.#lastWriters.set(id, settled);
    try {
      return await result;
    } finally {
      if (this.#lastWriters.get(id) === settled) {
        this.#lastWriters.delete(id);
      }
    }
  }
}

function ignore(): void {}
