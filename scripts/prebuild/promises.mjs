// What is promised of a published binary, held against the file.
import { readFileSync } from "node:fs";
import { readElf } from "./elf.mjs";
import { glibcFloor, prebuilds } from "./platforms.mjs";

const EXPORTS = ["napi_register_module_v1", "node_api_module_get_api_version_v1"];
/** What Node offers; what the compiler's own start-up code asks for and does without. */
const FROM_NODE = /^(napi_|node_api_|uv_)/;
const OPTIONAL = ["_ITM_deregisterTMCloneTable", "_ITM_registerTMCloneTable", "__gmon_start__"];
const LIBRARIES = {
  glibc: /^(lib(c|m|pthread)\.so\.\d+|ld-linux-.+)$/,
  musl: /^libc\.musl-.+$/,
};
const MACHINES = { x64: "Advanced Micro Devices X86-64", arm64: "AArch64" };

/** How the file of another platform begins, and the number of its processor there. */
const FORMATS = {
  darwin: {
    isRight: (bytes) => bytes.readUInt32LE(0) === 0xfeedfacf,
    machine: (bytes) => bytes.readUInt32LE(4),
    machines: { x64: 0x01000007, arm64: 0x0100000c },
  },
  win32: {
    isRight: (bytes) => bytes.toString("latin1", 0, 2) === "MZ",
    machine: (bytes) => bytes.readUInt16LE(bytes.readUInt32LE(0x3c) + 4),
    machines: { x64: 0x8664, arm64: 0xaa64 },
  },
};

/**
 * @param {string} file as platforms.json names it: `linux-x64/metrics-runtime.glibc.node`
 * @param {string} path where it is
 * @returns what it wants of the system, in words, and each promise that it breaks, in a line
 */
export function holdToPromises(file, path) {
  const problems = [];
  const expect = (holds, problem) => {
    if (!holds) problems.push(`${file}: ${problem}`);
  };
  expect(prebuilds.includes(file), "not one of scripts/prebuild/platforms.json");
  const [, platform, arch, libc] = file.match(/^(\w+)-(\w+)\/.+?(?:\.(glibc|musl))?\.node$/) ?? [];
  let wants = "not looked at";
  try {
    if (platform === "linux") wants = holdElf(readElf(path), arch, libc, expect);
    else holdFormat(readFileSync(path), platform, arch, expect);
  } catch (error) {
    expect(false, `cannot be read: ${String(error.stderr || error.message).trim()}`);
  }
  return { wants, problems };
}

function holdElf(elf, arch, libc, expect) {
  expect(elf.machine === MACHINES[arch], `is for ${elf.machine}`);
  for (const library of elf.needed) expect(LIBRARIES[libc]?.test(library), `needs ${library}`);
  for (const version of new Set(elf.imports.map((symbol) => symbol.version))) {
    const names = elf.imports.filter((symbol) => symbol.version === version);
    holdImports(version, names, libc, expect);
  }

  const shown = elf.exports.map(({ name }) => name);
  const tooMany = shown.filter((name) => !EXPORTS.includes(name));
  expect(tooMany.length === 0, `shows to the process: ${someOf(tooMany)}`);
  for (const name of EXPORTS) expect(shown.includes(name), `does not export ${name}`);

  expect(elf.flags.includes("NODELETE"), "can be unloaded under its thread: -z nodelete");
  expect(elf.flags.includes("NOW"), "may find a function missing when it is called: -z now");
  expect(elf.hasRelro, "its relocations stay writable: -z relro");
  expect(!elf.hasExecutableStack, "asks for an executable stack");
  expect(!elf.hasStaticTls, "wants a part of the few static TLS bytes of the process");
  expect(!elf.writesText, "has code that the loader must write to");
  expect(elf.searches.length === 0, `looks for libraries in ${elf.searches.join(", ")}`);
  expect(elf.isStripped, "not stripped");

  const glibc = elf.imports.map(({ version }) => version).filter((name) => /^GLIBC_\d/.test(name));
  const highest = glibc.sort(byNumbers).at(-1)?.replace("GLIBC_", ", glibc ") ?? "";
  return `${elf.needed.join(" ")}${highest}`;
}

/** @param symbols of one version; of "", those that may come from anywhere in the process */
function holdImports(version, symbols, libc, expect) {
  const names = symbols.map(({ name }) => name);
  if (version === "") {
    if (libc !== "glibc") return;
    const isKnown = ({ name, isWeak }) =>
      FROM_NODE.test(name) || (isWeak && OPTIONAL.includes(name));
    const unknown = symbols.filter((symbol) => !isKnown(symbol)).map(({ name }) => name);
    expect(unknown.length === 0, `of no library that it names: ${someOf(unknown)}`);
  } else if (/^GLIBC_\d/.test(version)) {
    const isOld = byNumbers(version, `GLIBC_${glibcFloor}`) <= 0;
    expect(isOld, `wants ${version}, above the floor of ${glibcFloor}: ${someOf(names)}`);
  } else {
    expect(false, `wants ${version}: ${someOf(names)}`);
  }
}

function someOf(names) {
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return `${names.slice(0, 3).join(", ")}${more}`;
}

function holdFormat(bytes, platform, arch, expect) {
  const format = FORMATS[platform];
  const isRight = format?.isRight(bytes) ?? false;
  expect(isRight, `not a binary for ${platform}`);
  if (isRight) expect(format.machine(bytes) === format.machines[arch], `not for ${arch}`);
}

/** GLIBC_2.4 is before GLIBC_2.17. */
function byNumbers(a, b) {
  return a.localeCompare(b, "en", { numeric: true });
}
