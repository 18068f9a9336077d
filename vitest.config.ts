import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;

export default defineConfig({
  test: {
    // The package as users get it: the built library, which loads the real addon. Not transformed.
    alias: { "metrics-runtime": join(root, "dist", "index.mjs") },
    server: { deps: { external: [/\/dist\//] } },
    env: {
      METRICS_RUNTIME_PREBUILD: process.env.METRICS_RUNTIME_PREBUILD ?? join(root, "out", "cmake"),
    },
    include: ["test/**/*.test.ts"],
    pool: "forks",
    maxWorkers: "100%",
    testTimeout: 20_000,
    typecheck: { enabled: true, include: ["test/types/**/*.test-d.ts"], tsconfig: "tsconfig.json" },
  },
});
