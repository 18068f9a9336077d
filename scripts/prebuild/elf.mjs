// What an ELF file asks of the system and shows to the process, as binutils' readelf tells it.
import { execFileSync } from "node:child_process";

/**
 * @param {string} file
 * @returns facts of the file: `machine` (as readelf names it), `needed` libraries, `imports` and `exports`
 * (dynamic symbols: `name`, `version` or "", `isWeak`), `flags` of the loader, folders that it `searches`, and whether
 * it `isStripped`, `hasRelro`, `hasExecutableStack`, `hasStaticTls` and `writesText`
 * @throws Error when readelf is not there or cannot read the file
 */
export function readElf(file) {
  const header = readelf("--file-header", file);
  const dynamic = readelf("--dynamic", file);
  const segments = readelf("--program-headers", file);
  const symbols = [...readelf("--dyn-syms", file).matchAll(SYMBOL)]
    .map((match) => match.groups)
    .filter(({ bind }) => bind !== "LOCAL");
  return {
    machine: header.match(/^ *Machine: *(.+)$/m)?.[1] ?? "",
    needed: [...dynamic.matchAll(/\(NEEDED\).*\[(.+)\]/g)].map(([, library]) => library),
    flags: dynamic.match(/\(FLAGS_1\) *Flags: (.+)$/m)?.[1]?.split(" ") ?? [],
    imports: symbols.filter(({ section }) => section === "UND").map(named),
    exports: symbols.filter(({ section }) => section !== "UND").map(named),
    isStripped: !readelf("--sections", file).includes(" .symtab "),
    hasRelro: segments.includes("GNU_RELRO"),
    hasExecutableStack: !/GNU_STACK.* RW /.test(segments),
    hasStaticTls: /STATIC_TLS/.test(dynamic),
    writesText: /TEXTREL/.test(dynamic),
    searches: [...dynamic.matchAll(/\((?:RPATH|RUNPATH)\).*\[(.*)\]/g)].map(([, path]) => path),
  };
}

/** `   Num:    Value          Size Type    Bind   Vis      Ndx Name@VERSION (n)` */
const SYMBOL =
  /^ *\d+: [0-9a-f]+ +\d+ \w+ +(?<bind>\w+) +\w+ +(?:\[.*?\] +)?(?<section>\w+) (?<name>[^@\s]+)(?:@+(?<version>[^\s]+))?/gm;

function named({ name, version = "", bind }) {
  return { name, version, isWeak: bind === "WEAK" };
}

function readelf(what, file) {
  return execFileSync("readelf", ["--wide", what, file], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 1 << 26,
  });
}
