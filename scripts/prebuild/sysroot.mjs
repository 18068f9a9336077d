// An old glibc to link against, from an npm package that holds a whole cross toolchain: of that only glibc
// is unpacked, so that the linker finds no other libstdc++ there than that of the compiler.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const sysroots = join(here, "..", "..", "out", "sysroots");

const GLIBC = [
  "lib/ld-*",
  "lib/libc[.-]*",
  "lib/libm[.-]*",
  "lib/libpthread[.-]*",
  "lib/libdl[.-]*",
  "usr/lib/crt*.o",
  "usr/lib/libc.so",
  "usr/lib/libc_nonshared.a",
  "usr/lib/libm.so",
  "usr/lib/libpthread.so",
  "usr/lib/libpthread_nonshared.a",
  "usr/lib/libdl.so",
];

/**
 * The folder of a sysroot; unpacked, and the package that has it installed, at the first call.
 *
 * @param {"x86_64" | "aarch64"} machine
 */
export function sysroot(machine) {
  const name = `@napi-rs/cross-toolchain-x64-target-${machine}`;
  const { devDependencies } = JSON.parse(readFileSync(join(here, "package.json"), "utf8"));
  const folder = join(sysroots, `${machine}-${devDependencies[name]}`);
  if (existsSync(folder)) return folder;

  const archive = join(here, "node_modules", name, `${machine}-unknown-linux-gnu.tar.xz`);
  if (!existsSync(archive)) install();
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  const patterns = GLIBC.map((file) => `*/sysroot/${file}`);
  execFileSync(
    "tar",
    ["-xJf", archive, "-C", unfinished, "--strip-components=3", "--wildcards", ...patterns],
    { stdio: "inherit" },
  );
  symlinkSync("lib", join(unfinished, "lib64"));
  symlinkSync("lib", join(unfinished, "usr", "lib64"));
  renameSync(unfinished, folder);
  return folder;
}

function install() {
  const program = join(here, "..", "install-dependencies-of.mjs");
  execFileSync(process.execPath, [program, "scripts/prebuild"], { stdio: "inherit" });
}
