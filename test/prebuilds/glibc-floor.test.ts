import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readElf } from "../../scripts/prebuild/elf.mjs";
import { sysroot } from "../../scripts/prebuild/sysroot.mjs";
import { runProgram } from "../support/child-process.js";
import { describeWhere } from "../support/describe-where.js";
import { emptyFolder } from "../support/empty-folder.js";
import { GLIBC_PREBUILDS, missingPrebuilds } from "../support/prebuilds.js";

const TOOLS = {
  x64: {
    machine: "x86_64",
    compiler: "gcc",
    runIn: (root: string) => [join(root, "lib", "ld-2.17.so"), "--library-path", `${root}/lib`],
  },
  arm64: {
    machine: "aarch64",
    compiler: "aarch64-linux-gnu-gcc",
    runIn: (root: string) => ["qemu-aarch64-static", "-L", root],
  },
} as const;

/**
 * A program in the place of Node, which has no build for so old a glibc: it has the names of the functions that the
 * addon expects of Node, loads it with every symbol bound, and calls one of its functions.
 */
function hostOf(addon: string): string {
  const expected = readElf(addon).imports.filter(({ name }) => /^(napi|node_api|uv)_/.test(name));
  return `
    #include <dlfcn.h>
    #include <stdio.h>
    ${expected.map(({ name }) => `void ${name}(void) { __builtin_trap(); }`).join("\n")}
    const char* gnu_get_libc_version(void);
    int main(int count, char** arguments) {
      void* addon = dlopen(arguments[count - 1], RTLD_NOW);
      if (addon == 0) return printf("%s", dlerror()), 1;
      int (*version)(void) = (int (*)(void)) dlsym(addon, "node_api_module_get_api_version_v1");
      printf("glibc %s, Node-API %d", gnu_get_libc_version(), version());
      return 0;
    }`;
}

describeWhere(missingPrebuilds(), "under glibc 2.17 itself", () => {
  test.each(GLIBC_PREBUILDS)("$file loads, and every symbol is found", async ({ path, arch }) => {
    const { machine, compiler, runIn } = TOOLS[arch as keyof typeof TOOLS];
    const root = sysroot(machine);
    const folder = emptyFolder();
    const [source, object, host] = ["host.c", "host.o", "host"].map((name) => join(folder, name));
    writeFileSync(source ?? "", hostOf(path));
    const commands = [
      [compiler, "-c", source, "-o", object],
      [
        ...[compiler, `--sysroot=${root}`, `-B${root}/usr/lib`, `-L${root}/usr/lib`],
        ...["-rdynamic", object, "-o", host, "-ldl"],
      ],
    ];
    for (const [command = "", ...args] of commands as string[][]) {
      expect(await runProgram(command, args)).toMatchObject({ code: 0, stderr: "" });
    }
    const [command = "", ...args] = [...runIn(root), host, path] as string[];
    const result = await runProgram(command, args);
    expect(result).toEqual({
      code: 0,
      signal: null,
      stdout: "glibc 2.17, Node-API 9",
      stderr: "",
    });
  });
});
