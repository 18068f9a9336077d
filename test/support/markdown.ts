import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import GitHubSlugger from "github-slugger";
import MarkdownIt, { type Token } from "markdown-it";

const ROOT = join(import.meta.dirname, "..", "..");

/** A block of code. */
export interface Block {
  /** File and line of the fence, as an editor takes it: `README.md:12`. */
  readonly place: string;
  /** The first word behind the fence; empty: there is none, or the block is indented. */
  readonly language: string;
  /** The other words. */
  readonly marks: readonly string[];
  readonly code: string;
}

export interface Found {
  /** File and line where its paragraph or row begins. */
  readonly place: string;
  readonly text: string;
}

export interface Page {
  readonly blocks: readonly Block[];
  /** The targets of links and images, as they stand. */
  readonly links: readonly Found[];
  /** What stands in code spans. */
  readonly spans: readonly Found[];
  /** Of its headings, as GitHub makes them: lower case, hyphens, a number behind what is there twice. */
  readonly anchors: readonly string[];
}

/** Every Markdown file of the project, as git sees it; those that are new, and not ignored, too. */
export function markdownFiles(): string[] {
  const args = ["ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate", "*.md"];
  return execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim().split("\n").sort();
}

export function pageOf(file: string): Page {
  return readPage(readFileSync(join(ROOT, file), "utf8"), file);
}

/** @param file only named in the places */
export function readPage(markdown: string, file: string): Page {
  const blocks: Block[] = [];
  const links: Found[] = [];
  const spans: Found[] = [];
  const anchors: string[] = [];
  const slugger = new GitHubSlugger();
  let place = "";
  let isHeading = false;
  for (const token of new MarkdownIt().parse(markdown, {})) {
    if (token.map !== null) place = `${file}:${token.map[0] + 1}`;
    if (token.type === "fence" || token.type === "code_block") {
      const [language = "", ...marks] = token.info.trim().split(/\s+/);
      blocks.push({ place, language, marks, code: token.content });
    }
    if (isHeading) anchors.push(slugger.slug(textOf(token)));
    isHeading = token.type === "heading_open";
    for (const child of token.children ?? []) {
      const target = child.attrGet("href") ?? child.attrGet("src");
      if (target !== null) links.push({ place, text: String(target) });
      if (child.type === "code_inline") spans.push({ place, text: child.content });
    }
  }
  return { blocks, links, spans, anchors };
}

function textOf({ children }: Token): string {
  return (children ?? []).map(({ content }) => content).join("");
}
