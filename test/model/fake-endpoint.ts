import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const Asked = z.looseObject({
  model: z.string(),
  messages: z.array(z.looseObject({ role: z.string(), reasoning: z.string().optional(), reasoning_content: z.string().optional() })),
  max_tokens: z.number().optional(),
  tools: z.array(z.looseObject({ function: z.looseObject({ strict: z.boolean().optional() }) })).optional(),
  tool_choice: z.string().optional(),
});
type Asked = z.infer<typeof Asked>;

/** What a served model does, and what may be wrong with it. */
export interface EndpointBehaviour {
  models?: string[];
  max_model_len?: number;
  key?: string;
  /** Tool calls of its answers, by what was asked. */
  calls?: (asked: Asked) => { name: string; arguments: string }[];
  content?: string;
  reasoning?: string;
  /** Field in which it sends its own. */
  sends?: 'reasoning' | 'reasoning_content';
  /** Field of earlier reasoning that its template reads. */
  reads?: 'reasoning' | 'reasoning_content' | 'nothing';
  usage?: boolean;
  /** Counts tokens at /tokenize. */
  tokenizes?: boolean;
  /** Refuses so many requests before it answers one. */
  busy?: { times: number; status: number; message: string };
  /** Answers every request for a completion so. */
  refuses?: { status: number; message: string };
  /** Answers as if it had no list of models. */
  listless?: boolean;
  /** Answers every request for a completion with a page. */
  page?: string;
  /** Status of its answers to other paths; without it all are completions. */
  elsewhere?: number;
  /** Refuses to think for less. */
  leastTokens?: number;
}

export const goodCall = { name: 'read_lines', arguments: '{"path": "notes.txt", "first": 3, "last": 7, "numbered": true}' };

/** An OpenAI-compatible server with one behaviour, on a free port. */
export async function startEndpoint(
  behaviour: EndpointBehaviour,
): Promise<{ url: string; asked: Asked[]; keys: string[]; close(): Promise<void> }> {
  const asked: Asked[] = [];
  const keys: string[] = [];
  const server = createServer((request, response) => {
    const send = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const sendError = (status: number, message: string) => send(status, { error: { message, type: 'error', code: status } });
    void (async () => {
      const { models = ['student'], max_model_len, key, refuses } = behaviour;
      const text = await readAll(request);
      if (key !== undefined && request.headers.authorization !== `Bearer ${key}`) return sendError(401, 'no such key');
      if (request.url === '/v1/models') {
        if (behaviour.listless === true) return sendError(404, 'not served here');
        return send(200, { data: models.map((id) => ({ id, ...(max_model_len !== undefined && { max_model_len }) })) });
      }
      if (refuses !== undefined) return sendError(refuses.status, refuses.message);
      if (behaviour.page !== undefined) return response.writeHead(200, { 'content-type': 'text/html' }).end(behaviour.page);
      if (behaviour.elsewhere !== undefined && request.url !== '/v1/chat/completions') return sendError(behaviour.elsewhere, 'Not Found');
      const body = Asked.parse(JSON.parse(text));
      if (request.url === '/tokenize') {
        if (behaviour.tokenizes !== true) return sendError(404, 'not served here');
        return send(200, { count: tokensOf(body, behaviour), max_model_len: 1000, tokens: [] });
      }
      asked.push(body);
      keys.push(String(request.headers['idempotency-key']));
      const { busy, leastTokens = 0 } = behaviour;
      if (busy !== undefined && asked.length <= busy.times) return sendError(busy.status, busy.message);
      if (body.max_tokens !== undefined && body.max_tokens < leastTokens)
        return sendError(400, `max_tokens must be at least ${leastTokens}`);
      return send(200, answerTo(body, behaviour));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = addressOf(server.address());
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    keys,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answerTo(asked: Asked, behaviour: EndpointBehaviour) {
  const { calls = () => [goodCall], content = '', reasoning, sends = 'reasoning', usage = true } = behaviour;
  const tool_calls = calls(asked).map((call, n) => ({ id: `c${n}`, type: 'function', function: call }));
  return {
    model: asked.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content, ...(reasoning !== undefined && { [sends]: reasoning }), tool_calls },
        finish_reason: tool_calls.length > 0 ? 'tool_calls' : 'stop',
      },
    ],
    ...(usage && { usage: { prompt_tokens: tokensOf(asked, behaviour), completion_tokens: 20 } }),
  };
}

function tokensOf({ messages }: Asked, { reads = 'reasoning' }: EndpointBehaviour): number {
  const seen = messages.map((message) => (reads === 'nothing' ? '' : (message[reads] ?? ''))).join('');
  return 100 + Math.ceil(seen.length / 4);
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function addressOf(address: AddressInfo | string | null): AddressInfo {
  if (address === null || typeof address === 'string') throw new Error('the endpoint has no port');
  return address;
}
