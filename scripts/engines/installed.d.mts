export type EngineName = "prometheus" | "promtool" | "pushgateway" | "python";

/** The Debian packages of those that are not here. */
export function missingPackages(engines: readonly EngineName[]): string[];
export function pythonWithPrometheusClient(): string | undefined;
