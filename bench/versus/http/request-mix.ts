/** The requests that the service is sent, in turn. */

export interface PlannedRequest {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
  /** What the answer has to be. */
  readonly status: number;
}

const order = JSON.stringify({
  lines: [
    { id: 3, quantity: 2 },
    { id: 41, quantity: 1 },
    { id: 77, quantity: 12 },
  ],
});

/** A number of entries with no common divisor with the few requests that are sent at once. */
const MIX: readonly PlannedRequest[] = [
  { method: "GET", path: "/items/7", status: 200 },
  { method: "GET", path: "/search?text=lamp", status: 200 },
  { method: "GET", path: "/items/63", status: 200 },
  { method: "POST", path: "/orders", body: order, status: 201 },
  { method: "GET", path: "/items/100", status: 200 },
  { method: "GET", path: "/search?text=blue", status: 200 },
  { method: "GET", path: "/items/118", status: 200 },
  { method: "GET", path: "/items/9999", status: 404 },
  { method: "POST", path: "/orders", body: order, status: 201 },
  { method: "GET", path: "/items/21", status: 200 },
  { method: "GET", path: "/health", status: 200 },
];

export function requestAt(index: number): PlannedRequest {
  const planned = MIX[index % MIX.length];
  if (planned === undefined) throw new Error(`no request ${index}`);
  return planned;
}
