import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
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
    expect(searched).toEqual(placesIn(folder));
    expect(platform).toMatch(new RegExp(`^${PLATFORM}(?: (?:glibc|musl))?, Node \\d`));
    expect(platform.includes("libc") || platform.includes("musl")).toBe(isElf);
    expect(howToBuild).toBe(`npm run compile --prefix ${JSON.stringify(folder)}`);
    for (const told of [...searched, platform, howToBuild]) expect(message).toContain(told);
  });

  test("a folder named by METRICS_RUNTIME_PREBUILD is named as the place that was searched", async () => {
    const [empty, folder] = [copyPackage(), copyPackage()];
    const { details } = JSON.parse(await loadIn(folder, { METRICS_RUNTIME_PREBUILD: empty }));
    expect(details.searched).toEqual(placesIn(empty));
    expect(details.howToBuild).toContain(folder);
  });

  test("those of other platforms are left alone", async () => {
    const folder = copyPackage();
    for (const other of ["darwin-ppc", "aix-ppc64"]) {
      mkdirSync(join(folder, "prebuilds", other), { recursive: true });
      writeFileSync(
        join(folder, "prebuilds", other, "metrics-runtime.node"),
        "of another platform",
      );
    }
    const { message } = JSON.parse(await loadIn(folder));
    expect(message).toContain(`no native addon for ${PLATFORM}`);
  });

  test.runIf(isElf)(
    "one for glibc is not taken where there is musl, or the other way",
    async () => {
      const folder = copyPackage();
      const file = prebuildPlace(folder);
      for (const [there, wanted] of [
        ["glibc", "musl"],
        ["musl", "glibc"],
      ] as const) {
        const tagged = file.replace(/node$/, `${there}.node`);
        copyFileSync(builtAddon(), tagged);
        const { message } = JSON.parse(await loadIn(folder, { LIBC: wanted }));
        expect(message).toContain(`no native addon for ${PLATFORM}`);
        expect(message).toContain(`libc=${wanted}`);
        expect(await loadIn(folder, { LIBC: there })).toBe("loaded");
        rmSync(tagged);
      }
    },
  );
});

describe.runIf(isElf)(
  "with an addon that cannot be loaded, the error names the file, the platform and why:",
  () => {
    const folder = copyPackage(afterAll);
    const file = addonPlace(folder);

    test.each<[string, (addon: Buffer) => Buffer]>([
      ["an empty file", () => Buffer.alloc(0)],
      ["text", () => Buffer.from("<html>404 Not Found</html>")],
      ["the beginning of a download", (addon) => addon.subarray(0, 48)],
      ["an addon of another architecture", ofAnotherArchitecture],
      ["an addon that was compiled on a Mac", () => Buffer.from("cffaedfe0c000001", "hex")],
    ])("%s", async (_, damage) => {
      writeFileSync(file, damage(readFileSync(builtAddon())));
      const { kind, message, details } = JSON.parse(await loadIn(folder));
      expect(kind).toBe("MetricsRuntimeUnexpectedError");
      expect(details).toMatchObject({ file, platform: expect.stringContaining(PLATFORM) });
      expect(message).toContain(`the native addon ${file} cannot be loaded on ${PLATFORM}`);
      expect(message).toContain(details.howToBuild);
      expect(message).toMatch(
        /cannot be loaded on [^(]*\([\s\S]+\)\. If the file is damaged, install/,
      );
    });

    // The system would map all of these, and kill the process that touches what is not there.
    const whole = statSync(builtAddon()).size;
    test.each([64, 600, 4096, Math.floor(whole / 2), whole - 4096, whole - 1])(
      "the first %i bytes of it",
      async (length) => {
        writeFileSync(file, readFileSync(builtAddon()).subarray(0, length));
        const { kind, message, details } = JSON.parse(await loadIn(folder));
        expect(kind).toBe("MetricsRuntimeUnexpectedError");
        expect(details).toMatchObject({ file });
        expect(message).toContain(`the file is truncated: ${length} of ${whole} bytes`);
        expect(message).toContain("install the package again");
      },
    );
    test.each([64, 4096, Math.floor(whole / 2), whole - 600])(
      "zeros after the first %i bytes of it, as a file system may leave them",
      async (length) => {
        writeFileSync(file, readFileSync(builtAddon()).fill(0, length));
        const { message, details } = JSON.parse(await loadIn(folder));
        expect(details).toMatchObject({ file });
        expect(message).toContain("(the end of the file is empty)");
      },
    );

    test("one that was linked to another C library, with what to set", async () => {
      const other = copyPackage();
      const tagged = prebuildPlace(other).replace(".node", ".musl.node");
      writeFileSync(tagged, ofAnotherArchitecture(readFileSync(builtAddon())));
      const { message } = JSON.parse(await loadIn(other, { LIBC: "musl" }));
      expect(message).toContain("The file is for musl: set the environment variable LIBC=glibc.");
    });
  },
);

test("an addon of another version of the package is refused, and the error names both", async () => {
  const folder = copyPackage();
  copyFileSync(builtAddon(), addonPlace(folder));
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ ...manifest, version: "9.8.7" }));
  const { message, details } = JSON.parse(await loadIn(folder));
  expect(details.file).toBe(addonPlace(folder));
  expect(message).toContain(
    `(it is of metrics-runtime ${manifest.version}, and this is 9.8.7: replace it)`,
  );
});

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

function placesIn(folder: string): string[] {
  return [
    join(folder, "build", "Release", "*.node"),
    join(folder, "build", "Debug", "*.node"),
    join(folder, "prebuilds", PLATFORM, "*.node"),
  ];
}

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
