// Which engines are here, and which Debian package brings those that are not.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const PACKAGES = {
  prometheus: "prometheus",
  promtool: "prometheus",
  pushgateway: "prometheus-pushgateway",
  python: "python3-prometheus-client",
};

/** @param {readonly (keyof typeof PACKAGES)[]} engines @returns {string[]} the packages to install */
export function missingPackages(engines) {
  return [
    ...new Set(engines.filter((engine) => !isThere(engine)).map((engine) => PACKAGES[engine])),
  ];
}

function isThere(engine) {
  if (engine === "python") return pythonWithPrometheusClient() !== undefined;
  return inPath(engine === "pushgateway" ? "prometheus-pushgateway" : engine);
}

function inPath(program) {
  return (process.env.PATH ?? "").split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

let python;

/** Debian's Python first: another one before it in the path does not see Debian's packages. */
export function pythonWithPrometheusClient() {
  python ??= ["/usr/bin/python3", "python3"].find((candidate) => {
    const { status } = spawnSync(candidate, ["-c", "import prometheus_client.openmetrics.parser"]);
    return status === 0;
  });
  return python;
}
