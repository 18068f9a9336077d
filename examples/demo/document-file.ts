import { createHash } from "node:crypto";

/** A document as the storage hands it out. */
export interface StoredDocument {
  /** 1 when created, one more with each write. */
  readonly version: number;
  readonly content: Buffer;
}

// How a document lies on the disk: magic (4 bytes), version (uint32), SHA-256 of the content (32 bytes), the content.
const MAGIC = Buffer.from("DOC1");
const VERSION_OFFSET = MAGIC.length;
const DIGEST_OFFSET = VERSION_OFFSET + 4;

/** Bytes in front of the content. */
export const DOCUMENT_HEADER_BYTES = DIGEST_OFFSET + 32;

/** The file of a document. */
export function encodeDocument({ version, content }: StoredDocument): Buffer {
  const header = Buffer.alloc(DOCUMENT_HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(version, VERSION_OFFSET);
  digestOf(content).copy(header, DIGEST_OFFSET);
  return Buffer.concat([header, content]);
}

/** The document in a file; `undefined` when the file is not what was once written. */
export function decodeDocument(file: Buffer): StoredDocument | undefined {
  const version = decodeVersion(file);
  if (version === undefined) {
    return undefined;
  }
  const content = file.subarray(DOCUMENT_HEADER_BYTES);
  const digest = file.subarray(DIGEST_OFFSET, DOCUMENT_HEADER_BYTES);
  return digestOf(content).equals(digest) ? { version, content } : undefined;
}

/** The version in a header; `undefined` when it is none. */
export function decodeVersion(header: Buffer): number | undefined {
  const complete =
    header.length >= DOCUMENT_HEADER_BYTES && header.subarray(0, VERSION_OFFSET).equals(MAGIC);
  return complete ? header.readUInt32LE(VERSION_OFFSET) : undefined;
}

function digestOf(content: Buffer): Buffer {
  return createHash("sha256").update(content).digest();
}
