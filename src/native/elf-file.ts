/** What the header of an ELF file says of its length: the system maps such a file without asking. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const HEADER_BYTES = 64;
const SECTION_HEADER_BYTES = 64;
/** The type of a section that holds names. */
const STRING_TABLE = 3;
/** \x7fELF, 64 bits, little-endian: what every prebuilt binary for Linux is. */
const MAGIC = 0x7f454c460201;

/**
 * A shared object that lost its end, in a copy or on a full disk, is mapped as if it were whole; touching
 * what is not there kills the process by SIGBUS or SIGSEGV, and nothing can be told. The linker writes the
 * table of sections last, and the header says where that ends. A file system that lost power may give a file its
 * length and zeros in place of its end.
 *
 * @throws Error when the file ends before that, or that is not there. Nothing for other files: those the system looks at.
 */
export function refuseTruncated(file: string): void {
  const descriptor = openSync(file, "r");
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    const isWhole = readSync(descriptor, header, 0, HEADER_BYTES, 0) === HEADER_BYTES;
    if (!isWhole || header.readUIntBE(0, 6) !== MAGIC) return;
    const { size } = fstatSync(descriptor);
    const [sections, nameTable] = [header.readUInt16LE(60), header.readUInt16LE(62)];
    const told = sectionAt(header, sections);
    if (size < told) throw new Error(`the file is truncated: ${size} of ${told} bytes`);
    const names = Buffer.alloc(SECTION_HEADER_BYTES);
    readSync(descriptor, names, 0, SECTION_HEADER_BYTES, sectionAt(header, nameTable));
    if (names.readUInt32LE(4) !== STRING_TABLE) throw new Error("the end of the file is empty");
  } finally {
    closeSync(descriptor);
  }
}

/** Where the table of sections has this entry; after its last one the file ends. */
function sectionAt(header: Buffer, index: number): number {
  return Number(header.readBigUInt64LE(40)) + header.readUInt16LE(58) * index;
}
