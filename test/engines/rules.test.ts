import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { checkConfig, checkRules, testRules } from "../../scripts/engines/promtool.mjs";
import { describeWithEngines } from "../support/engines/describe-with-engines.js";
import { ownFamilies, ownSampleNames } from "../support/engines/own-families.js";
import { pageOf } from "../support/markdown.js";

const ROOT = join(import.meta.dirname, "..", "..");
const EXAMPLES = join(ROOT, "examples", "prometheus");
const example = (file: string) => readFileSync(join(EXAMPLES, file), "utf8");
const textOf = (name: string) => readFileSync(join(ROOT, "docs", name), "utf8");
const PAGE = textOf("prometheus.md");
const EXPOSITION = textOf("exposition.md");

const RULES = example("rules.yml");
const ALERTS = [...RULES.matchAll(/- alert: (\w+)\n/g)].map(([, name]) => String(name));

/** The rules, but that one alert fires always or never. */
function withExpression(alert: string, expression: string): string {
  const place = new RegExp(`(- alert: ${alert}\\n +expr: )[\\s\\S]*?(?=\\n +(?:for|labels): *)`);
  const changed = RULES.replace(place, (_, before: string) => before + expression);
  expect(changed).not.toBe(RULES);
  return changed;
}

function testOfRules(rules: string) {
  const folder = mkdtempSync(join(tmpdir(), "metrics-runtime-rules-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "rules.yml"), rules);
  writeFileSync(join(folder, "rules_test.yml"), example("rules_test.yml"));
  return testRules(join(folder, "rules_test.yml"));
}

describeWithEngines(["promtool"], "the rules of examples/prometheus", () => {
  test("are good, and so is the configuration that names them", async () => {
    expect(await checkRules(join(EXAMPLES, "rules.yml"))).toMatchObject({ code: 0, stderr: "" });
    expect(await checkConfig(join(EXAMPLES, "prometheus.yml"))).toMatchObject({
      code: 0,
      stderr: "",
    });
  });

  test("do what their tests say", async () => {
    const { code, stdout, stderr } = await testRules(join(EXAMPLES, "rules_test.yml"));
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("SUCCESS");
  });

  test.each(ALERTS)("%s is tested when it fires and when it does not", async (alert) => {
    const told = new RegExp(
      `alertname: ${alert}, .*\\n +exp:(\\[.*)[\\s\\S]*?\\n +got:(\\[.*)`,
      "g",
    );
    const never = await testOfRules(withExpression(alert, "vector(0) > 1"));
    expect([...never.stderr.matchAll(told)].map(([, , got]) => got)).toContain("[]");
    const always = await testOfRules(withExpression(alert, "vector(1)"));
    expect([...always.stderr.matchAll(told)].map(([, expected]) => expected)).toContain("[], ");
  });
});

test("docs/prometheus.md shows the configuration and the rules as they are", () => {
  const blocks = pageOf("docs/prometheus.md")
    .blocks.filter(({ language }) => language === "yaml")
    .map(({ code }) => code);
  expect(blocks).toHaveLength(2);
  expect(blocks[0]).toBe(example("prometheus.yml"));
  expect(RULES).toContain(blocks[1]);
});

describe("of what the library says of itself", () => {
  const own = [...ownSampleNames(ownFamilies())].filter((name) => !name.endsWith("_created"));
  /** That these go up says nothing bad. */
  const WELCOME = new Set([
    "metrics_runtime_recorder_running",
    "metrics_runtime_queue_limit",
    "metrics_runtime_events_accepted_total",
    "metrics_runtime_events_dispatched_total",
    "metrics_runtime_renders_total",
  ]);

  test("rules.yml has an alert for each thing that nobody wants, and names nothing else", () => {
    const named = new Set([...RULES.matchAll(/\bmetrics_runtime_\w+/g)].map(([name]) => name));
    expect(own.filter((name) => !WELCOME.has(name) && !named.has(name))).toEqual([]);
    expect([...named].filter((name) => !own.includes(name))).toEqual([]);
    expect([...WELCOME].filter((name) => !own.includes(name))).toEqual([]);
  });

  test("docs/prometheus.md and docs/exposition.md explain each, and nothing else", () => {
    for (const page of [PAGE, EXPOSITION]) {
      const rows = page.split("\n").filter((line) => line.startsWith("| `metrics_runtime_"));
      const cells = rows.map((row) => row.split(" | ")[0]).join(" ");
      const explained = [...cells.matchAll(/`(metrics_runtime_\w+)`/g)].map(([, name]) => name);
      expect(explained.toSorted()).toEqual(own.toSorted());
    }
  });
});
