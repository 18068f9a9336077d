import type { LoadOrder } from "./load-totals.js";

export interface PlannedRequest {
  readonly method: "GET" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: Buffer;
}

/** What the plan below makes the service answer, given some time. */
export const PROVOKED_STATUSES = [200, 201, 204, 400, 404, 409, 413, 500] as const;

const DOCUMENTS = 24;

/**
 * What one connection asks for, over and over: documents of four sizes, some shared with every other connection, and
 * about one request in four that fails. Which of the reads, removals and conditional writes succeed depends on what
 * the other connections just did: nobody knows the totals beforehand. Each connection asks for one document of its own,
 * so that 256 of them name fewer than 768 documents: up to there, `distinct` is exact.
 */
export function planRequests(connection: number, order: LoadOrder): PlannedRequest[] {
  const { maxDocumentBytes, damagedDocumentId } = order;
  const small = Buffer.alloc(200, "a short note. ");
  const medium = Buffer.alloc(6_000, "a page of a report. ");
  const large = Buffer.alloc(maxDocumentBytes, "a whole report. ");
  const tooLarge = Buffer.alloc(maxDocumentBytes + 1, "a report too many. ");
  const missing = `/documents/never-written-${connection}`;
  const idAt = (step: number): string => `document-${(connection * 5 + step) % DOCUMENTS}`;

  const plan: PlannedRequest[] = [];
  for (let step = 0; step < DOCUMENTS; step++) {
    const path = `/documents/${idAt(step)}`;
    plan.push({
      method: "PUT",
      path,
      body: step % 8 === 0 ? large : step % 3 === 0 ? medium : small,
    });
    plan.push({ method: "GET", path });
    plan.push({ method: "GET", path: `/documents/${idAt(step + 7)}` });
    if (step % 2 === 0) plan.push({ method: "DELETE", path: `/documents/${idAt(step + 3)}` });
    if (step % 3 === 0) plan.push({ method: "PUT", path: `${path}?replaces=1`, body: small });
    if (step % 4 === 0) plan.push({ method: "GET", path: "/documents" });
    if (step % 6 === 0) plan.push({ method: "GET", path: missing });
    if (step % 8 === 0) plan.push({ method: "GET", path: `/documents/${damagedDocumentId}` });
    if (step % 8 === 3) plan.push({ method: "GET", path: "/documents/Not_An_Id" });
    if (step % 8 === 5) plan.push({ method: "GET", path: "/no-such-route" });
    if (step % 12 === 7) plan.push({ method: "PUT", path, body: tooLarge });
  }
  return rotate(plan, connection * 11);
}

// So that the connections are not all at the same place.
function rotate<T>(items: readonly T[], by: number): T[] {
  const start = by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}
