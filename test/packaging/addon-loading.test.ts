import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { builtAddon } from "../support/built-addon.js";
import { runNode } from "../support/child-process.js";
import { addonPlace, copyPackage } from "../support/package-copy.js";

// What is damaged here is damaged as ELF files are; elsewhere the tests of damage are skipped.
const isElf = process.platform === "linux";
const PLATFORM = `${process.platform}-${process.arch}`;

/** Makes a runtime in the copy of the package in `folder`; what was thrown, as text. */
async function loadIn(folder: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const program = `
    try {
      new (require("./dist/index.js").MetricsRuntime)({ namespace: "n" }).start();
      console.log("loaded");
    } catch (error) {
      console.log(JSON.stringify(error.toLogPayload()));
    }
  `;
  const { METRICS_RUNTIME_PREBUILD: _, ...inherited } = process.env;
  const { code, stdout, stderr } = await runNode(["--eval", program], {
    cwd: folder,
    env: { ...inherited, ...env },
  });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.trim();
}

describe("without an addon for the platform", () => {
  test("the error names every place it looked in, the platform and how to build one", async () => {
    const folder = copyPackage();
    const { kind, message, details } = JSON.parse(await loadIn(folder));
    expect(kind).toBe("MetricsRuntimeUnexpectedError");
    const { searched, platform, howToBuild } = details;
    expect(searched).toEqual([
      join(folder, "build", "Release", "*.node"),
      join(folder, "prebuilds", PLATFORM, "*.node"),
    ]);
    expect(platform).toContain(PLATFORM);
    expect(howToBuild).toBe(`cd ${JSON.stringify(folder)} && npx node-gyp rebuild`);
    for (const told of [...searched, platform, howToBuild]) expect(message).toContain(told);
  });

  test("a folder named by METRICS_RUNTIME_PREBUILD is named as the place that was searched", async () => {
    const empty = copyPackage();
    const { message } = JSON.parse(
      await loadIn(copyPackage(), { METRICS_RUNTIME_PREBUILD: empty }),
    );
    expect(message).toContain(empty);
  });
});

describe.runIf(isElf)(
  "with an addon that cannot be loaded, the error names the file, the platform and why:",
  () => {
    test.each<[string, (addon: Buffer) => Buffer]>([
      ["an empty file", () => Buffer.alloc(0)],
      ["text", () => Buffer.from("<html>404 Not Found</html>")],
      ["the beginning of a download", (addon) => addon.subarray(0, 48)],
      ["an addon of another architecture", ofAnotherArchitecture],
    ])("%s", async (_, damage) => {
      const folder = copyPackage();
      const file = addonPlace(folder);
      writeFileSync(file, damage(readFileSync(builtAddon())));
      const { kind, message, details } = JSON.parse(await loadIn(folder));
      expect(kind).toBe("MetricsRuntimeUnexpectedError");
      expect(details).toMatchObject({ file, platform: expect.stringContaining(PLATFORM) });
      expect(message).toContain(`the native addon ${file} cannot be loaded on ${PLATFORM}`);
      expect(message).toContain(details.howToBuild);
      expect(message.match(/cannot be loaded on [^(]*\(([\s\S]+)\)\. To build/)?.[1]).toBeTruthy();
    });
  },
);

describe("with an addon", () => {
  test.each([
    ["in build/Release", addonPlace],
    ["in prebuilds", prebuildPlace],
  ])("%s the package loads it", async (_, place) => {
    const folder = copyPackage();
    copyFileSync(builtAddon(), place(folder));
    expect(await loadIn(folder)).toBe("loaded");
  });
});

function prebuildPlace(folder: string): string {
  mkdirSync(join(folder, "prebuilds", PLATFORM), { recursive: true });
  return join(folder, "prebuilds", PLATFORM, "metrics-runtime.node");
}

/** The same file with another machine in its header (ELF: bytes 18 and 19). */
function ofAnotherArchitecture(addon: Buffer): Buffer {
  const AARCH64 = 183;
  const X86_64 = 62;
  const changed = Buffer.from(addon);
  changed.writeUInt16LE(process.arch === "x64" ? AARCH64 : X86_64, 18);
  return changed;
}
