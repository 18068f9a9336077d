import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..");

/** A fenced block of TypeScript or JavaScript in the documentation. */
export interface DocBlock {
  /** File and line of the fence, as an editor takes it: `README.md:12`. */
  readonly place: string;
  readonly language: "ts" | "js";
  /** Not for blocks marked `no-run`, which only compile. */
  readonly runs: boolean;
  readonly code: string;
}

/** README.md, and every Markdown file under docs/. */
export function docFiles(): string[] {
  const docs = existsSync(join(ROOT, "docs"))
    ? readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".md"))
        .map((file) => join("docs", file))
    : [];
  return existsSync(join(ROOT, "README.md")) ? ["README.md", ...docs.sort()] : docs.sort();
}

export function blocksOf(file: string): DocBlock[] {
  return blocksIn(readFileSync(join(ROOT, file), "utf8"), file);
}

/** @param file only named in the places */
export function blocksIn(markdown: string, file: string): DocBlock[] {
  const fence = /^( *)(`{3,})(ts|js)\b([^\n]*)\n([\s\S]*?)^\1\2[ \t]*$/gm;
  return [...markdown.matchAll(fence)].map((match) => {
    const [, indent = "", , language, info = "", body = ""] = match;
    return {
      place: `${file}:${markdown.slice(0, match.index).split("\n").length}`,
      language: language === "js" ? "js" : "ts",
      runs: !/\bno-run\b/.test(info),
      code: body.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
    };
  });
}
