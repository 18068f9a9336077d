// Each name that dist/index.d.ts exports has a page in out/reference/: TypeDoc reads src/ and leaves out what is marked.
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import ts from "typescript";

const root = join(import.meta.dirname, "..", "..");
const entry = join(root, "dist", "index.d.ts");

const pages = readdirSync(join(root, "out", "reference"), { recursive: true })
  .filter((file) => file.endsWith(".html"))
  .map((file) => basename(file, ".html"));

const program = ts.createProgram([entry], { skipLibCheck: true, types: [] });
const checker = program.getTypeChecker();
const exported = checker
  .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(entry)))
  .map(({ name }) => name);

const missing = exported.filter((name) => !pages.some((page) => page.split(".").at(-1) === name));
for (const name of missing) console.error(`out/reference has no page for ${name}`);
console.log(`${exported.length - missing.length} of ${exported.length} exported names have a page`);
process.exitCode = exported.length > 0 && missing.length === 0 ? 0 : 1;
