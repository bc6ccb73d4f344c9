import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { signRequest } from '../../../platform/s3/sign-request.ts';

interface StoredObject {
  bytes: Buffer;
  sha256: string | undefined;
}

export interface S3Server {
  endpoint: string;
  /** Key → object, of the one bucket `data`. */
  objects: Map<string, StoredObject>;
  /** Method and key of each request, in order. */
  requests: string[];
  /** Answers of the next requests instead of the real ones: a status, or `reset` for a broken connection. */
  failures: (number | 'reset')[];
  close: () => Promise<void>;
}

export const key = { accessKeyId: 'mill', secretAccessKey: 'grist' };

/**
 * A server that speaks as much of S3 as the product asks for: signatures and hashes of bodies are checked, lists come in pages of two.
 */
export async function startS3Server(): Promise<S3Server> {
  const state = { objects: new Map<string, StoredObject>(), requests: [] as string[], failures: [] as S3Server['failures'] };
  const server = createServer((request, response) => void answer(request, response, state));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { endpoint: `http://127.0.0.1:${address.port}`, ...state, close };
}

type State = Pick<S3Server, 'objects' | 'requests' | 'failures'>;

async function answer(request: IncomingMessage, response: ServerResponse, { objects, requests, failures }: State): Promise<void> {
  const body = await buffer(request);
  const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
  const name = decodeURIComponent(url.pathname.replace(/^\/data\//, ''));
  const method = request.method ?? '';
  requests.push(`${method} ${name === '' ? url.search : name}`);
  const failure = failures.shift();
  if (failure === 'reset') return void request.socket.destroy();
  if (failure !== undefined) return refuse(response, failure, 'SlowDown');
  if (!isSigned(request, url)) return refuse(response, 403, 'SignatureDoesNotMatch');
  if (!url.pathname.startsWith('/data/')) return refuse(response, 404, 'NoSuchBucket');
  if (method === 'PUT') {
    const sha256 = createHash('sha256').update(body).digest('hex');
    if (request.headers['x-amz-content-sha256'] !== sha256) return refuse(response, 400, 'XAmzContentSHA256Mismatch');
    const noted = request.headers['x-amz-meta-sha256'];
    objects.set(name, { bytes: body, sha256: typeof noted === 'string' ? noted : undefined });
    response.end();
  } else if (method === 'DELETE') {
    objects.delete(name);
    response.writeHead(204).end();
  } else if (name === '') list(response, url, objects);
  else {
    const found = objects.get(name);
    if (found === undefined) return refuse(response, 404, 'NoSuchKey');
    response.writeHead(200, { 'content-length': found.bytes.length, ...(found.sha256 && { 'x-amz-meta-sha256': found.sha256 }) });
    response.end(method === 'HEAD' ? undefined : found.bytes);
  }
}

function isSigned(request: IncomingMessage, url: URL): boolean {
  const given = request.headers.authorization ?? '';
  const names = (/SignedHeaders=([^,]+)/.exec(given)?.[1] ?? '').split(';');
  const own = new Set(['host', 'x-amz-content-sha256', 'x-amz-date']);
  const headers = Object.fromEntries(names.filter((each) => !own.has(each)).map((each) => [each, String(request.headers[each])]));
  const time = String(request.headers['x-amz-date']).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
  const bodySha256 = String(request.headers['x-amz-content-sha256']);
  const signed = signRequest({ method: request.method ?? '', url, headers, bodySha256 }, key, 'us-east-1', new Date(time));
  return signed['authorization'] === given;
}

function list(response: ServerResponse, url: URL, objects: State['objects']): void {
  const prefix = url.searchParams.get('prefix') ?? '';
  const from = Number(url.searchParams.get('continuation-token') ?? 0);
  const keys = [...objects.keys()].filter((each) => each.startsWith(prefix)).sort();
  const page = keys
    .slice(from, from + 2)
    .map((each) => `<Contents><Key>${encodeURIComponent(each).replaceAll('%20', '+')}</Key></Contents>`);
  const more = from + 2 < keys.length;
  response.end(
    `<ListBucketResult><EncodingType>url</EncodingType>${page.join('')}<IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${from + 2}</NextContinuationToken>` : ''}</ListBucketResult>`,
  );
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status).end(`<Error><Code>${code}</Code></Error>`);
}
