import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeDocument } from "./document-file.js";

/** Puts a document into the folder one bit of which has flipped since it was written: reads of it must fail. */
export async function placeDamagedDocument(folder: string, id: string): Promise<void> {
  const file = encodeDocument({ version: 1, content: Buffer.from("what was once a report") });
  const last = file.length - 1;
  file.writeUInt8(file.readUInt8(last) ^ 1, last);
  await writeFile(join(folder, `${id}.doc`), file);
}
