import { type DocumentStorage, StorageError } from "./document-storage.js";
import type { StorageFailure } from "./storage-events.js";

export type HttpMethod = "GET" | "PUT" | "DELETE" | "OTHER";
export type HttpRoute = "document" | "document_list" | "unknown";

/** Where a request goes. */
export interface Target {
  readonly route: HttpRoute;
  /** Empty except for the route `document`. */
  readonly documentId: string;
  /** PUT only: the version that is to be replaced. NaN when it is no number. */
  readonly expectedVersion: number | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | string;
}

const DOCUMENT_PREFIX = "/documents/";

const STATUS_OF_FAILURE: Readonly<Record<StorageFailure, number>> = Object.freeze({
  invalid_request: 400,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  damaged: 500,
  io_error: 500,
});

/** `/documents`, `/documents/<id>` and `/documents/<id>?replaces=<version>`. */
export function resolveTarget(requestUrl: string): Target {
  const [path = "", query = ""] = requestUrl.split("?", 2);
  if (path === "/documents") {
    return { route: "document_list", documentId: "", expectedVersion: undefined };
  }
  if (path.startsWith(DOCUMENT_PREFIX)) {
    const replaces = new URLSearchParams(query).get("replaces");
    return {
      route: "document",
      documentId: path.slice(DOCUMENT_PREFIX.length),
      expectedVersion: replaces === null ? undefined : Number(replaces),
    };
  }
  return { route: "unknown", documentId: "", expectedVersion: undefined };
}

/** Does what was asked for. Every failure of the storage becomes an answer. */
export async function answer(
  storage: DocumentStorage,
  method: HttpMethod,
  target: Target,
  body: Buffer,
): Promise<Answer> {
  try {
    return (
      (await answerFromStorage(storage, method, target, body)) ?? problem(404, "no such resource")
    );
  } catch (error) {
    if (error instanceof StorageError) {
      return problem(STATUS_OF_FAILURE[error.failure], error.message);
    }
    throw error;
  }
}

async function answerFromStorage(
  storage: DocumentStorage,
  method: HttpMethod,
  { route, documentId, expectedVersion }: Target,
  body: Buffer,
): Promise<Answer | undefined> {
  switch (`${method} ${route}`) {
    case "GET document": {
      const { version, content } = await storage.read(documentId);
      return {
        status: 200,
        headers: { etag: `"${version}"`, "content-type": "text/plain" },
        body: content,
      };
    }
    case "PUT document": {
      const version = await storage.write(documentId, body, expectedVersion);
      return { status: version === 1 ? 201 : 200, headers: { etag: `"${version}"` }, body: "" };
    }
    case "DELETE document":
      await storage.remove(documentId);
      return { status: 204, headers: {}, body: "" };
    case "GET document_list": {
      const headers = { "content-type": "application/json" };
      return { status: 200, headers, body: JSON.stringify(await storage.list()) };
    }
    default:
      return undefined;
  }
}

function problem(status: number, message: string): Answer {
  return {
    status,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ error: message }),
  };
}
