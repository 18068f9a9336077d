import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { type ChildResult, runNode, runProgram } from "../support/child-process.js";
import { describeWhere } from "../support/describe-where.js";
import { emptyFolder } from "../support/empty-folder.js";
import { GLIBC_PREBUILDS, missingPrebuilds, PREBUILDS } from "../support/prebuilds.js";

const ROOT = join(import.meta.dirname, "..", "..");
const DEVELOPMENT = join(ROOT, "out", "cmake", "build", "Release", "metrics_runtime.node");
const [X64 = "", ARM64 = ""] = GLIBC_PREBUILDS.map(({ file }) => file);

/** Thread-local memory of the fastest kind, and an address in the code that only the loader knows. */
const BAD_COMPANY = `
  static __thread int mine __attribute__((tls_model("initial-exec")));
  int bytes(void) { return mine++; }
  __asm__(".text\\n.quad puts\\n");
`;

function check(folder: string, ...options: string[]): Promise<ChildResult> {
  return runNode([join(ROOT, "scripts", "prebuild", "check.mjs"), "--in", folder, ...options]);
}

/** A folder of prebuilt binaries with this one in it. */
function folderWith(file: string, make: (path: string) => void): string {
  const folder = emptyFolder();
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  make(join(folder, file));
  return folder;
}

describeWhere(missingPrebuilds(), "the published binaries", () => {
  test("want glibc alone, none newer than 2.17, and keep every promise", async () => {
    const { code, stdout, stderr } = await check(PREBUILDS);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const { file } of GLIBC_PREBUILDS) {
      const line = stdout.split("\n").find((told) => told.startsWith(file));
      const wants = line?.match(/wants (.+), glibc ([\d.]+)$/);
      expect(Number(wants?.[2]?.replace("2.", ""))).toBeLessThanOrEqual(17);
      for (const library of wants?.[1]?.split(" ") ?? [""]) {
        expect(library).toMatch(/^(libc|libm|libpthread)\.so\.\d$|^ld-linux-/);
      }
    }
  });
});

describeWhere(missingPrebuilds(), "the check of binaries fails with a line for", () => {
  test("each thing in which a development build is not what is published", async () => {
    const folder = folderWith(X64, (path) => copyFileSync(DEVELOPMENT, path));
    const { code, stderr } = await check(folder);
    expect(code).toBe(1);
    const lines = stderr.trim().split("\n");
    expect(lines.filter((line) => !line.startsWith(`${X64}: `))).toEqual([]);
    for (const broken of [
      "needs libstdc++.so.6",
      "needs libgcc_s.so.1",
      "wants GLIBC_2.34, above the floor of 2.17: ",
      "wants GLIBCXX_3.4.29: ",
      "not stripped",
    ]) {
      expect(stderr).toContain(`${X64}: ${broken}`);
    }
  });

  test("each way in which a linker can make it bad company", async () => {
    const source = join(emptyFolder(), "bad.c");
    writeFileSync(source, BAD_COMPANY);
    const flags = ["-rpath,/somewhere", "-z,execstack", "-z,norelro", "-z,lazy", "-z,notext"];
    const folder = folderWith(X64, () => {});
    const linked = ["-shared", "-fPIC", ...flags.map((flag) => `-Wl,${flag}`), source];
    const made = await runProgram("gcc", [...linked, "-o", join(folder, X64)]);
    expect(made.code, made.stderr).toBe(0);
    const { code, stderr } = await check(folder);
    expect(code).toBe(1);
    for (const broken of [
      "does not export napi_register_module_v1",
      "shows to the process: bytes",
      "can be unloaded under its thread: -z nodelete",
      "may find a function missing when it is called: -z now",
      "its relocations stay writable: -z relro",
      "asks for an executable stack",
      "wants a part of the few static TLS bytes of the process",
      "has code that the loader must write to",
      "looks for libraries in /somewhere",
    ]) {
      expect(stderr).toContain(`${X64}: ${broken}`);
    }
  });

  test("a binary in the folder of another architecture", async () => {
    const folder = folderWith(ARM64, (path) => copyFileSync(join(PREBUILDS, X64), path));
    const { code, stderr } = await check(folder);
    expect(code).toBe(1);
    expect(stderr).toContain(`${ARM64}: is for Advanced Micro Devices X86-64`);
  });

  test.each([0, 48, 5_000])("a file that ends after %i bytes", async (length) => {
    const whole = readFileSync(join(PREBUILDS, X64));
    const folder = folderWith(X64, (path) => writeFileSync(path, whole.subarray(0, length)));
    const { code, stderr } = await check(folder);
    expect(code).toBe(1);
    expect(stderr).toContain(`${X64}: `);
  });

  test.each(["darwin-arm64", "win32-x64"])("one that is not for %s", async (platform) => {
    const file = `${platform}/metrics-runtime.node`;
    const folder = folderWith(file, (path) => copyFileSync(join(PREBUILDS, X64), path));
    const { code, stderr } = await check(folder);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `${file}: not a binary for ${platform.split("-")[0]}\n`,
    });
  });

  test("a name that no release has", async () => {
    const file = "linux-x64/other.node";
    const { code, stderr } = await check(folderWith(file, (path) => writeFileSync(path, "")));
    expect(code).toBe(1);
    expect(stderr).toContain(`${file}: not one of scripts/prebuild/platforms.json`);
  });

  test("those that a release needs and that are missing", async () => {
    const folder = folderWith(X64, (path) => copyFileSync(join(PREBUILDS, X64), path));
    const { code, stderr } = await check(folder, "--all");
    expect(code).toBe(1);
    expect(stderr).toContain("darwin-arm64/metrics-runtime.node: missing\n");
    expect(stderr).not.toContain(X64);
  });

  test("no binary at all", async () => {
    const { code, stderr } = await check(join(emptyFolder(), "nothing"));
    expect(code).toBe(1);
    expect(stderr).toContain("no binary in");
  });
});
