/** What the service does: a small catalogue of items, looked up, searched and ordered from. */
import { createHash } from "node:crypto";

export const METHODS = ["GET", "POST", "OTHER"] as const;
export type Method = (typeof METHODS)[number];

export const ROUTES = ["/health", "/items/:id", "/orders", "/search", "unmatched"] as const;
export type Route = (typeof ROUTES)[number];

export interface Answer {
  readonly status: number;
  readonly etag: string;
  readonly body: Buffer;
}

interface Item {
  readonly id: number;
  readonly name: string;
  readonly price: number;
  readonly tags: readonly string[];
}

interface Order {
  readonly lines: readonly { readonly id: number; readonly quantity: number }[];
}

const COLOURS = ["amber", "blue", "crimson", "green", "ivory", "violet", "white"];
const THINGS = ["bowl", "chair", "desk", "kettle", "lamp", "plate", "shelf", "table"];
const ITEM_COUNT = 1_000;
const MOST_LISTED = 5;

const ITEMS: readonly Item[] = Array.from({ length: ITEM_COUNT }, (_, id) => {
  const colour = COLOURS[id % COLOURS.length] ?? "";
  const thing = THINGS[id % THINGS.length] ?? "";
  return { id, name: `${colour} ${thing} ${id}`, price: 5 + ((id * 37) % 200), tags: [colour] };
});

export function methodOf(text: string | undefined): Method {
  return text === "GET" || text === "POST" ? text : "OTHER";
}

export function routeOf(path: string): Route {
  if (path.startsWith("/items/")) return "/items/:id";
  if (path.startsWith("/search?")) return "/search";
  return path === "/orders" || path === "/health" ? path : "unmatched";
}

/** @param body that of the request, as text */
export function answer(method: Method, route: Route, path: string, body: string): Answer {
  if (method === "GET" && route === "/items/:id") return showItem(path);
  if (method === "GET" && route === "/search") return search(path);
  if (method === "POST" && route === "/orders") return takeOrder(body);
  if (method === "GET" && route === "/health") return json(200, { status: "ok" });
  return json(404, { error: "no such resource" });
}

function showItem(path: string): Answer {
  const item = ITEMS[Number(path.slice("/items/".length))];
  return item === undefined
    ? json(404, { error: "no such item" })
    : json(200, { ...item, similar: similarTo(item) });
}

function search(path: string): Answer {
  const text = new URLSearchParams(path.slice(path.indexOf("?"))).get("text") ?? "";
  const found = ITEMS.filter(({ name }) => name.includes(text)).sort((a, b) => a.price - b.price);
  return json(200, { found: found.length, items: found.slice(0, MOST_LISTED) });
}

/** Those of the same colour whose price is nearest. */
function similarTo({ id, price, tags }: Item): readonly number[] {
  const distance = (other: Item): number => Math.abs(other.price - price);
  return ITEMS.filter((other) => other.id !== id && other.tags.some((tag) => tags.includes(tag)))
    .sort((a, b) => distance(a) - distance(b))
    .slice(0, MOST_LISTED)
    .map((other) => other.id);
}

function takeOrder(body: string): Answer {
  const { lines } = JSON.parse(body) as Order;
  let total = 0;
  for (const { id, quantity } of lines) total += (ITEMS[id]?.price ?? 0) * quantity;
  return json(201, { lines: lines.length, total });
}

function json(status: number, content: object): Answer {
  const body = Buffer.from(JSON.stringify(content));
  return { status, etag: createHash("sha1").update(body).digest("base64"), body };
}
