import { afterAll, beforeAll, expect, test } from "vitest";
import type { Engine } from "../../scripts/engines/engine.mjs";
import { startPrometheus } from "../../scripts/engines/prometheus.mjs";
import { startPushgateway } from "../../scripts/engines/pushgateway.mjs";
import { type PythonParser, startPythonParser } from "../../scripts/engines/python-parser.mjs";
import { BROKEN } from "../support/engines/broken-expositions.js";
import { describeWithEngines } from "../support/engines/describe-with-engines.js";
import { type ExpositionServer, serveExpositions } from "../support/engines/exposition-server.js";
import { objectionsTo } from "../support/engines/oracles.js";

describeWithEngines(
  ["prometheus", "promtool", "pushgateway", "python"],
  "of an exposition with a fault, the engines that see it are those listed",
  () => {
    let server: ExpositionServer;
    let prometheus: Engine;
    let pushgateway: Engine;
    let python: PythonParser;
    const jobOf = (what: string) => what.replaceAll(/\W+/g, "-");
    const pathOf = (what: string) => `/${jobOf(what)}`;

    beforeAll(async () => {
      server = await serveExpositions(
        new Map(BROKEN.map((broken) => [pathOf(broken.what), broken])),
      );
      python = startPythonParser();
      // It asks for protobuf first, and takes whatever it is given.
      [prometheus, pushgateway] = await Promise.all([
        startPrometheus({
          nativeHistograms: true,
          targets: BROKEN.map(({ what }) => ({
            job: jobOf(what),
            address: server.address,
            path: pathOf(what),
          })),
        }),
        startPushgateway(),
      ]);
    });
    afterAll(async () => {
      await Promise.all([prometheus, pushgateway, python, server].map((used) => used?.stop()));
    });

    test.each(BROKEN)("$what", async (broken) => {
      const oracles = { prometheus, pushgateway, python };
      const objections = await objectionsTo(broken, jobOf(broken.what), oracles);
      const seenBy = Object.keys(objections).sort().join(" ");
      expect(seenBy, JSON.stringify(objections)).toBe(broken.seenBy);
    });
  },
);
