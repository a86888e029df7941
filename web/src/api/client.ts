// One door to the server: JSON in and out, the session's CSRF token on everything that changes something.

export class ApiError extends Error {
  constructor(
    readonly status: number,
    detail: string,
    readonly hint?: string,
    readonly body?: unknown,
  ) {
    super(detail);
  }
}

let csrf: string | null = null;

export function keepCsrf(token: string | null) {
  csrf = token;
}

type Query = Record<string, string | string[] | null | undefined>;

export function address(path: string, query: Query = {}): string {
  const asked = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one) asked.append(key, one);
  }
  const text = asked.toString();
  return `/api${path}${text && `?${text}`}`;
}

export async function request<T>(method: string, path: string, options: { query?: Query; body?: unknown } = {}) {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (options.body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET" && csrf) headers["X-CSRF-Token"] = csrf;
  const body = options.body === undefined ? undefined : JSON.stringify(options.body);
  const answer = await fetch(address(path, options.query), { method, headers, body });
  const json = answer.status !== 204 && answer.headers.get("Content-Type")?.includes("json");
  const content = json ? await answer.json() : null;
  if (!answer.ok) throw new ApiError(answer.status, content?.detail ?? answer.statusText, content?.hint, content);
  return content as T;
}

/** A new id: `crypto.randomUUID` is missing where a page comes without https. */
export function editId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
