/** What each section of the report measures and says. */
import { measureAllocation } from "./allocation.js";
import { CLAIMS, judge } from "./claims.js";
import { measureCost } from "./cost.js";
import { measureCpu } from "./cpu.js";
import { measureExpositions } from "./exposition/figures.js";
import { expositionParts } from "./exposition/tables.js";
import { measureHttp } from "./http/measure.js";
import { GENERATOR } from "./http/plan.js";
import { httpParts } from "./http/report.js";
import { measureMemory } from "./memory.js";
import type { Section } from "./operations.js";
import type { Options } from "./options.js";
import { overviewTable } from "./overview.js";
import { loadPackage } from "./peers/load.js";
import { compare } from "./ratios.js";
import { claimTable, figureTable, memoryTable, type Report, winsOf } from "./report.js";
import { measureScaling } from "./scaling/figures.js";
import { scalingParts } from "./scaling/tables.js";
import { reasonOf, type Subjects } from "./subjects.js";

/** Less than this is what looking at the heap leaves on it. */
const LEAST_BYTES = 1;
/** Less than this is lost in what the pacing itself takes. */
const LEAST_PERCENT = 0.5;

export interface SectionContext {
  /** Its peers are those that load here. */
  readonly options: Options;
  readonly subjects: Subjects;
}

export interface SectionResult {
  /** The section's part of the report. */
  readonly figures: Partial<Report>;
  /** The same as Markdown, a paragraph or table each. */
  readonly parts: readonly string[];
}

export const SECTION_RUNS: Readonly<
  Record<Section, (context: SectionContext) => Promise<SectionResult>>
> = { cost, allocation, memory, cpu, http, scaling, exposition };

async function cost({ options, subjects }: SectionContext): Promise<SectionResult> {
  const nanoseconds = compare(await measureCost(subjects, options.rounds));
  const claims = judge(CLAIMS, nanoseconds);
  const events = subjects.offeredAndDropped();
  return {
    figures: { cost: { nanoseconds, claims, events } },
    parts: [
      "\n## What one operation costs",
      winsOf(nanoseconds),
      overviewTable("ns", nanoseconds, 1),
      "\n## Claims",
      claimTable(claims),
      events,
      "\n## Every row",
      figureTable("ns", nanoseconds, 2),
    ],
  };
}

async function allocation({ options }: SectionContext): Promise<SectionResult> {
  const bytes = compare(await measureAllocation(options), LEAST_BYTES);
  const title = "\n## What one operation leaves on the JavaScript heap";
  return {
    figures: { allocation: { bytes } },
    parts: [title, winsOf(bytes), overviewTable("bytes", bytes, 1)],
  };
}

async function memory({ options }: SectionContext): Promise<SectionResult> {
  const figures = await measureMemory(options.peers);
  return {
    figures: { memory: figures },
    parts: ["\n## What a series occupies", memoryTable(figures)],
  };
}

async function cpu({ subjects }: SectionContext): Promise<SectionResult> {
  const percentOfOneCore = compare(await measureCpu(subjects), LEAST_PERCENT);
  return {
    figures: { cpu: { percentOfOneCore } },
    parts: ["\n## 500 000 operations a second", figureTable("% of a core", percentOfOneCore, 2)],
  };
}

async function http({ options }: SectionContext): Promise<SectionResult> {
  const title = "\n## A service under HTTP load";
  try {
    await loadPackage(GENERATOR);
  } catch (error) {
    const skipped = `http: skipped, ${GENERATOR} does not load here (${reasonOf(error)})`;
    return { figures: { http: { skipped } }, parts: [title, skipped] };
  }
  const figures = await measureHttp(options.peers);
  return { figures: { http: figures }, parts: [title, ...httpParts(figures)] };
}

async function scaling({ options }: SectionContext): Promise<SectionResult> {
  const figures = await measureScaling(options.peers);
  return { figures: { scaling: figures }, parts: scalingParts(figures) };
}

async function exposition({ options }: SectionContext): Promise<SectionResult> {
  const figures = await measureExpositions(options.peers);
  return { figures: { exposition: figures }, parts: expositionParts(figures) };
}
