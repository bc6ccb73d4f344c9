import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';

/** Serves one request; `number` counts them from 0. */
export type Serve = (response: ServerResponse, asked: { body: string; number: number; request: IncomingMessage }) => unknown;

/** A server of completions that sends exactly what a test wants. */
export class RawServer {
  readonly #server: Server;
  readonly #bodies: string[] = [];

  private constructor(serve: Serve) {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        this.#bodies.push(body);
        serve(response, { body, number: this.#bodies.length - 1, request });
      });
    });
  }

  static async start(serve: Serve): Promise<RawServer> {
    const raw = new RawServer(serve);
    await new Promise<void>((resolve) => raw.#server.listen(0, '127.0.0.1', resolve));
    return raw;
  }

  get url(): string {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/v1` : '';
  }

  get asked(): number {
    return this.#bodies.length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A chunk of a stream. */
export const piece = (delta: object, finish_reason: string | null = null) => ({
  model: 'm',
  choices: [{ index: 0, delta, finish_reason }],
});

/** Chunks as events, then what ends the stream. */
export const events = (chunks: readonly unknown[], end = 'data: [DONE]\n\n') =>
  chunks.map((chunk) => `data: ${typeof chunk === 'string' ? chunk : JSON.stringify(chunk)}\n\n`).join('') + end;

/** Answers with a text under a good status, by default without any content type. */
export function send(response: ServerResponse, text: string, type?: string): void {
  response.writeHead(200, type === undefined ? {} : { 'content-type': type });
  response.end(text);
}

export function refuse(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
