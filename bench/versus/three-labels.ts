/** Three labels for any number of series. */
export interface ThreeLabels {
  readonly method: string;
  readonly route: string;
  readonly shard: string;
}

const METHODS = 10;
const ROUTES = 100;

/** Other labels for each of the series 0 … series - 1; the strings are the same ones each time. */
export function threeLabels(series: number): (index: number) => ThreeLabels {
  const names = (name: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, index) => `${name}-${String(index).padStart(4, "0")}`);
  const methods = names("method", METHODS);
  const routes = names("route", ROUTES);
  const shards = names("shard", Math.ceil(series / (METHODS * ROUTES)));
  return (index) => ({
    method: methods[index % METHODS] ?? "",
    route: routes[Math.floor(index / METHODS) % ROUTES] ?? "",
    shard: shards[Math.floor(index / (METHODS * ROUTES))] ?? "",
  });
}
