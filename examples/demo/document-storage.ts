import { open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MetricsRecorderLike } from "metrics-runtime";
import {
  DOCUMENT_HEADER_BYTES,
  decodeDocument,
  decodeVersion,
  encodeDocument,
  type StoredDocument,
} from "./document-file.js";
import { DocumentLock } from "./document-lock.js";
import {
  type StorageFailure,
  type StorageOperation,
  StorageOperationFinished,
} from "./storage-events.js";

const ID_PATTERN = /^[a-z0-9][a-z0-9-]{0,63}$/;
const SUFFIX = ".doc";

/** A refused or failed operation, with the reason that the event carries, too. */
export class StorageError extends Error {
  readonly failure: StorageFailure;

  constructor(failure: StorageFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StorageError";
    this.failure = failure;
  }
}

export interface DocumentStorageOptions {
  /** An existing folder that belongs to this storage alone. */
  readonly folder: string;
  /** Larger documents are refused. */
  readonly maxDocumentBytes: number;
  readonly recorder: MetricsRecorderLike;
}

export interface ListedDocument {
  readonly id: string;
  readonly bytes: number;
}

/** Versioned, checksummed documents in one folder. Knows that it is measured, not by whom nor for what. */
export class DocumentStorage {
  readonly maxDocumentBytes: number;
  readonly #folder: string;
  readonly #recorder: MetricsRecorderLike;
  readonly #lock = new DocumentLock();
  #temporaryFiles = 0;

  constructor({ folder, maxDocumentBytes, recorder }: DocumentStorageOptions) {
    this.maxDocumentBytes = maxDocumentBytes;
    this.#folder = folder;
    this.#recorder = recorder;
  }

  /** The document; `not_found`, or `damaged` when its checksum is wrong. */
  read(id: string): Promise<StoredDocument> {
    return this.#recorded("read", id, async (moved) => {
      const file = await readFile(this.#pathOf(id));
      const document = decodeDocument(file);
      if (document === undefined) {
        throw new StorageError("damaged", `document '${id}' is damaged`);
      }
      moved(document.content.length);
      return document;
    });
  }

  /**
   * Creates or replaces a document and returns its new version. With `expectedVersion` only when that is its version
   * now (0: only when there is none), else `conflict`.
   */
  write(id: string, content: Buffer, expectedVersion?: number): Promise<number> {
    return this.#recorded("write", id, async (moved) => {
      const path = this.#pathOf(id);
      if (content.length > this.maxDocumentBytes) {
        throw new StorageError(
          "too_large",
          `documents are limited to ${this.maxDocumentBytes} bytes`,
        );
      }
      if (expectedVersion !== undefined && !Number.isSafeInteger(expectedVersion)) {
        throw new StorageError("invalid_request", "the expected version is not an integer");
      }
      return this.#lock.exclusively(id, async () => {
        const current = await readVersion(path);
        if (expectedVersion !== undefined && expectedVersion !== current) {
          throw new StorageError("conflict", `document '${id}' is at version ${current}`);
        }
        const version = current + 1;
        await this.#replaceFile(path, encodeDocument({ version, content }));
        moved(content.length);
        return version;
      });
    });
  }

  /** Removes a document; `not_found` when there is none. */
  remove(id: string): Promise<void> {
    return this.#recorded("remove", id, async () => {
      const path = this.#pathOf(id);
      return this.#lock.exclusively(id, () => rm(path));
    });
  }

  /** Every document of this moment, sorted by id. */
  list(): Promise<readonly ListedDocument[]> {
    return this.#recorded("list", "", async () => {
      const names = (await readdir(this.#folder)).filter((name) => name.endsWith(SUFFIX)).sort();
      const listed = await Promise.all(names.map((name) => this.#describe(name)));
      return listed.filter((document) => document !== undefined);
    });
  }

  async #describe(name: string): Promise<ListedDocument | undefined> {
    try {
      const { size } = await stat(join(this.#folder, name));
      return { id: name.slice(0, -SUFFIX.length), bytes: size - DOCUMENT_HEADER_BYTES };
    } catch (error) {
      if (isMissingFile(error)) {
        return undefined; // removed since the folder was read
      }
      throw error;
    }
  }

  // A reader sees the old file or the new one, never half of one.
  async #replaceFile(path: string, file: Buffer): Promise<void> {
    const temporaryPath = `${path}.${this.#temporaryFiles++}.tmp`;
    try {
      await writeFile(temporaryPath, file);
      await rename(temporaryPath, path);
    } catch (error) {
      await rm(temporaryPath, { force: true });
      throw error;
    }
  }

  #pathOf(id: string): string {
    if (!ID_PATTERN.test(id)) {
      throw new StorageError("invalid_request", "an id is 1 to 64 of a-z, 0-9 and '-'");
    }
    return join(this.#folder, id + SUFFIX);
  }

  // One event per operation, whatever comes of it. `moved` is how the work says how many bytes it read or wrote.
  async #recorded<T>(
    operation: StorageOperation,
    documentId: string,
    work: (moved: (bytes: number) => void) => Promise<T>,
  ): Promise<T> {
    const startedAt = performance.now();
    let outcome: "ok" | StorageFailure = "ok";
    let documentBytes = 0;
    try {
      return await work((bytes) => {
        documentBytes = bytes;
      });
    } catch (error) {
      const failed = toStorageError(error);
      outcome = failed.failure;
      throw failed;
    } finally {
      const durationMs = performance.now() - startedAt;
      this.#recorder.registerEvent(
        StorageOperationFinished({ operation, documentId, outcome, documentBytes, durationMs }),
      );
    }
  }
}

/** 0 when there is no such document, or nothing readable in its place. */
async function readVersion(path: string): Promise<number> {
  try {
    await using file = await open(path);
    const header = Buffer.alloc(DOCUMENT_HEADER_BYTES);
    const { bytesRead } = await file.read(header, 0, header.length, 0);
    return decodeVersion(header.subarray(0, bytesRead)) ?? 0;
  } catch (error) {
    if (isMissingFile(error)) {
      return 0;
    }
    throw error;
  }
}

function toStorageError(error: unknown): StorageError {
  if (error instanceof StorageError) {
    return error;
  }
  return isMissingFile(error)
    ? new StorageError("not_found", "no such document", { cause: error })
    : new StorageError("io_error", "the file system failed", { cause: error });
}

function isMissingFile(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
