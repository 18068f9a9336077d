import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Spec, Validation } from "@cyclonedx/cyclonedx-library";
import { beforeAll, describe, expect, test } from "vitest";
import { runNode } from "../support/child-process.js";
import { nativeComponents, runTimeDependencies } from "../support/native-components.js";

const ROOT = join(import.meta.dirname, "..", "..");

interface Bom {
  readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
  readonly components: readonly { readonly name: string; readonly version?: string }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

describe("npm run sbom", () => {
  let text: string;
  let bom: Bom;

  beforeAll(async () => {
    const { code, stderr } = await runNode([join(ROOT, "scripts", "sbom", "make.mjs")], {
      deadlineMs: 20_000,
    });
    expect(code, stderr).toBe(0);
    text = readFileSync(join(ROOT, "out", "sbom.cdx.json"), "utf8");
    bom = JSON.parse(text);
  }, 20_000);

  test("writes valid CycloneDX 1.5", async () => {
    expect(await problemsOf(text)).toBeNull();
    // So that a validator which finds nothing at all is found.
    expect(await problemsOf(text.replaceAll('"library"', '"book"'))).not.toBeNull();
  });

  test("names this package, in its version", () => {
    const { name, version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(bom.metadata.component).toMatchObject({ name, version });
  });

  test("names what is installed with it and what is linked into it, and nothing else", () => {
    const expected = [
      ...[...runTimeDependencies()].map(([name, { version }]) => `${name}@${version}`),
      ...nativeComponents().map(referenceOf),
    ];
    const named = bom.components.map(referenceOf);
    expect(named.sort()).toEqual(expected.sort());
    const [ofPackage] = bom.dependencies;
    expect([...(ofPackage?.dependsOn ?? [])].sort()).toEqual(expected);
  });
});

function problemsOf(text: string): Promise<unknown> {
  return new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text);
}

function referenceOf({
  name,
  version,
}: {
  readonly name: string;
  readonly version?: string;
}): string {
  return version === undefined ? name : `${name}@${version}`;
}
