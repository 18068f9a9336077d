// The tests as ever, on the addons that count what runs. The few that import from src/ get what was compiled of it: V8
// counts what it runs, and only of that there is a map back.
import { dirname, join, resolve } from "node:path";
import base from "../../vitest.config.ts";
import { patientForks } from "./patient-forks.mjs";

const root = join(import.meta.dirname, "..", "..");
const { projects, ...test } = base.test;
const setup = join(import.meta.dirname, "vitest-setup.mjs");

/** Of another build than these; and of programs that may not write, and so complain that they cannot write counts. */
const exclude = ["faults/fault-points", "packaging/read-only", "integration/real-limits"].map(
  (name) => `test/${name}.test.ts`,
);

const builtFor = ({ name }) =>
  join(root, "out", "coverage", name === "faults" ? "fault-points" : "addon");

const src = join(root, "src/");
const compiled = {
  name: "compiled",
  enforce: "pre",
  resolveId(source, importer = "") {
    const path = resolve(dirname(importer), source);
    return source.startsWith(".") && path.startsWith(src)
      ? path.replace(src, join(root, "dist/"))
      : undefined;
  },
};

export default {
  root,
  plugins: [compiled],
  test: {
    ...test,
    pool: patientForks,
    projects: projects.map(({ test: project, ...rest }) => ({
      ...rest,
      test: {
        ...project,
        exclude: [...(project.exclude ?? []), ...exclude],
        env: { METRICS_RUNTIME_PREBUILD: builtFor(project) },
        setupFiles: [setup],
        typecheck: { enabled: false },
      },
    })),
  },
};
