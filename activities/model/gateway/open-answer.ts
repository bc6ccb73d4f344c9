import OpenAI, { APIConnectionError } from 'openai';
import { type Dispatcher, request } from 'undici';
import { Problem } from '../../../schemas/problem.ts';

/** The longest that a timer of Node can be set to. Silence is watched elsewhere; this limit must never come first. */
const longestTimerMs = 2 ** 31 - 1;

/** A server of the chat completions API, for one key. Connections are reused between rollouts. */
export class TeacherServer {
  readonly #client: OpenAI;
  readonly #answers = new WeakMap<Response, Dispatcher.ResponseData>();

  /** `baseUrl` may carry a query: some servers name their version there. */
  constructor(baseUrl: string, apiKey: string | null) {
    const address = new URL(baseUrl);
    const query = Object.fromEntries(address.searchParams);
    address.search = '';
    this.#client = new OpenAI({
      baseURL: address.href.replace(/\/+$/, ''),
      defaultQuery: query,
      apiKey: apiKey ?? 'none',
      defaultHeaders: { 'user-agent': 'tracemill', ...(apiKey === null ? { authorization: null } : {}) },
      organization: null,
      project: null,
      maxRetries: 0,
      fetch: (url, init) => this.#fetch(url, init),
      timeout: longestTimerMs,
      logLevel: 'off',
    });
  }

  /** The answer to one request as it begins, of whatever status. Throws what kept the connection from coming about. */
  async open(body: Buffer, headers: Record<string, string>, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
    try {
      const response = await this.#client.post('/chat/completions', { body, headers, signal, stream: true }).asResponse();
      const answer = this.#answers.get(response);
      if (answer === undefined) throw new Problem('gateway_failed', 'the model client gave another response than it was given');
      return answer;
    } catch (error) {
      throw error instanceof APIConnectionError && error.cause instanceof Error ? error.cause : error;
    }
  }

  /**
   * `fetch` as the client uses it. It gets an empty response and never sees the answer: of an error it would keep only what
   * stands below `error`, and of a stream neither comments nor errors. The standard `fetch` also copies the body twice and
   * holds the copies until the answer is complete, and follows redirects, which would carry the key elsewhere.
   */
  async #fetch(address: string | URL | Request, init: RequestInit = {}): Promise<Response> {
    const { body, signal } = init;
    if (address instanceof Request || !(body instanceof Uint8Array)) {
      throw new Problem('gateway_failed', 'the model client sent something else than bytes to an address');
    }
    const answer = await request(address, {
      method: 'POST',
      headers: Object.fromEntries(new Headers(init.headers)),
      body,
      ...(signal ? { signal } : {}),
    });
    const response = new Response(null);
    this.#answers.set(response, answer);
    return response;
  }
}
