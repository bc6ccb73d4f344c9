declare global {
  /** Answers that `early.ts` asked for, by path below `data/`; each is taken once. */
  var askedEarly: Map<string, Promise<Response>> | undefined;
}

/** An answer that is no data: what the server said, and its status; 0 where no server answered. */
export class NoAnswer extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Data below `data/`, beside the page: the same paths at a server and in a bundle. Not changed since the given version:
 * null. Throws `NoAnswer`.
 */
export async function fetchJson<T>(
  path: string,
  options: { signal?: AbortSignal; etag?: string } = {},
): Promise<{ data: T; etag: string } | null> {
  let response: Response;
  try {
    response = await (early(path, options.etag) ??
      fetch(`data/${path}`, {
        headers: options.etag === undefined ? {} : { 'if-none-match': options.etag },
        ...(options.signal !== undefined && { signal: options.signal }),
      }));
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw new NoAnswer(0, 'the server does not answer');
  }
  if (response.status === 304) return null;
  if (!response.ok) throw new NoAnswer(response.status, await response.text().catch(() => ''));
  const data: T = await response.json();
  return { data, etag: response.headers.get('etag') ?? '' };
}

/** What was asked for before this program was here. */
function early(path: string, etag: string | undefined): Promise<Response> | undefined {
  if (etag !== undefined) return undefined;
  const answer = globalThis.askedEarly?.get(path);
  globalThis.askedEarly?.delete(path);
  return answer;
}
