/** Expositions as tests read them. */
import type { Renderable } from "metrics-runtime";

export async function textOf(source: Renderable): Promise<string> {
  return Buffer.from(await source.render("prometheus", {})).toString();
}

/** The samples of a text: `name{labels}` → value, without those of the library itself. */
export function samplesOf(text: string): Record<string, number> {
  const samples = text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !line.startsWith("metrics_runtime_"))
    .map((line): [string, number] => {
      const space = line.lastIndexOf(" ");
      return [line.slice(0, space), Number(line.slice(space + 1))];
    });
  return Object.fromEntries(samples);
}

export async function renderedSamples(source: Renderable): Promise<Record<string, number>> {
  return samplesOf(await textOf(source));
}

/** The samples whose names begin so, those of the library itself too. */
export function linesOf(text: string, name: string): string[] {
  return text.split("\n").filter((line) => line.startsWith(name));
}
