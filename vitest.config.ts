import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;

/** Where a build put the addon: in `build/Release` below. */
const development = join(root, "out", "cmake");
const faultPoints = join(root, "out", "fault-points");

export default defineConfig({
  test: {
    // The package as users get it: the built library, which loads the real addon. Not transformed.
    alias: { "metrics-runtime": join(root, "dist", "index.mjs") },
    server: { deps: { external: [/\/dist\//] } },
    pool: "forks",
    maxWorkers: "100%",
    testTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: "behaviour",
          include: ["test/**/*.test.ts"],
          exclude: ["test/faults/**", "test/engines/**", "test/prebuilds/**", "test/release/**"],
          env: { METRICS_RUNTIME_PREBUILD: process.env.METRICS_RUNTIME_PREBUILD ?? development },
          typecheck: {
            enabled: true,
            include: ["test/types/**/*.test-d.ts"],
            tsconfig: "tsconfig.json",
          },
        },
      },
      {
        // Beside Prometheus and other engines, where they are installed; see CONTRIBUTING.md.
        extends: true,
        test: {
          name: "engines",
          include: ["test/engines/**/*.test.ts"],
          env: { METRICS_RUNTIME_PREBUILD: process.env.METRICS_RUNTIME_PREBUILD ?? development },
          // A first scrape alone takes up to 5.5 s.
          testTimeout: 40_000,
          hookTimeout: 60_000,
        },
      },
      {
        // What `npm run prebuildify` made, on each Node.js of `node scripts/install-dependencies-of.mjs scripts/nodes`.
        extends: true,
        test: { name: "prebuilds", include: ["test/prebuilds/**/*.test.ts"] },
      },
      {
        // How a release is made; not part of what is tried on each platform.
        extends: true,
        test: {
          name: "release",
          include: ["test/release/**/*.test.ts"],
          env: { METRICS_RUNTIME_PREBUILD: process.env.METRICS_RUNTIME_PREBUILD ?? development },
        },
      },
      {
        // On the build that can be told to fail; see CONTRIBUTING.md.
        extends: true,
        test: {
          name: "faults",
          include: ["test/faults/**/*.test.ts"],
          env: { METRICS_RUNTIME_PREBUILD: faultPoints },
        },
      },
    ],
  },
});
