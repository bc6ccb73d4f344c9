import { NoAnswer } from './fetch-json.ts';

/** The header by which the server knows a change that its own pages ask for. */
export const changeHeader = 'x-tracemill-change';

/** What the server said to a change: status 200, or one of those that `allowed` names. */
export interface Posted<T> {
  status: number;
  data: T;
}

/** Asks for a change below `data/`. Throws `NoAnswer` for any status but 200 and those allowed. */
export async function postJson<T>(
  path: string,
  body: unknown,
  { headers = {}, allowed = [] }: { headers?: Record<string, string>; allowed?: readonly number[] } = {},
): Promise<Posted<T>> {
  let response: Response;
  try {
    response = await fetch(`data/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [changeHeader]: '1', ...headers },
      body: JSON.stringify(body),
    });
  } catch {
    throw new NoAnswer(0, 'the server does not answer');
  }
  if (!response.ok && !allowed.includes(response.status)) throw new NoAnswer(response.status, await response.text().catch(() => ''));
  const data: T = await response.json();
  return { status: response.status, data };
}

/** A name for one wish of the reader, so that it is done once however often it is sent. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
