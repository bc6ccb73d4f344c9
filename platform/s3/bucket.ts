import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';
import { messageOf, Problem } from '../../schemas/problem.ts';
import type { BucketSettings } from './bucket-settings.ts';
import { encodeKey, signRequest } from './sign-request.ts';

/** A body that can be sent again, with what the server checks of it. */
export interface PutBody {
  open: () => Readable | Uint8Array;
  sha256: string;
  size_bytes: number;
}

const tries = 4;
/** What one request may put; longer objects need parts. */
const largestObject = 5 * 1024 ** 3;
const emptySha256 = createHash('sha256').digest('hex');
/** Our own note on an object, as a header. */
const sha256Header = 'x-amz-meta-sha256';

interface Call {
  method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  key?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: PutBody;
}

/**
 * Objects of one bucket, over the S3 protocol. A request is tried again when the server is busy or unreachable. Throws `Problem`
 * bucket_unreachable, bucket_refused (rights, key, region), bucket_not_found.
 */
export class Bucket {
  readonly #settings: BucketSettings;
  readonly #signal: AbortSignal | undefined;

  constructor(settings: BucketSettings, signal?: AbortSignal) {
    this.#settings = settings;
    this.#signal = signal;
  }

  /** Puts an object as a whole; the server refuses a body whose hash is not the one announced. */
  async put(key: string, body: PutBody): Promise<void> {
    if (body.size_bytes > largestObject) {
      throw new Problem('bad_input', `${key} has ${body.size_bytes} bytes; one request puts at most ${largestObject}`, {
        hint: 'build the release with smaller shards',
      });
    }
    const headers = { 'content-length': String(body.size_bytes), [sha256Header]: body.sha256 };
    await drained(await this.#send({ method: 'PUT', key, headers, body }));
  }

  /** sha256 of an object, as noted when it was put, else of its bytes; null when there is none. */
  async sha256(key: string): Promise<string | null> {
    const head = await this.#send({ method: 'HEAD', key }, [404]);
    await drained(head);
    if (head.statusCode === 404) return null;
    const noted = head.headers[sha256Header];
    if (typeof noted === 'string') return noted;
    const digest = createHash('sha256');
    const answer = await this.#send({ method: 'GET', key });
    for await (const chunk of answer.body) digest.update(chunk);
    return digest.digest('hex');
  }

  /** Removes an object; none is no error. */
  async remove(key: string): Promise<void> {
    await drained(await this.#send({ method: 'DELETE', key }, [404]));
  }

  /** Keys that begin with the prefix. */
  async list(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const query = { 'list-type': '2', 'encoding-type': 'url', prefix, ...(token === undefined ? {} : { 'continuation-token': token }) };
      const answer = await this.#send({ method: 'GET', query });
      const xml = await answer.body.text();
      // Not every server knows the encoding that keeps odd names whole.
      const decode = xml.includes('<EncodingType>url<')
        ? (key: string) => decodeURIComponent(key.replaceAll('+', ' '))
        : (key: string) => key;
      for (const [, key = ''] of xml.matchAll(/<Key>([^<]*)<\/Key>/g)) keys.push(decode(unescapeXml(key)));
      const next = /<NextContinuationToken>([^<]*)</.exec(xml)?.[1];
      token = /<IsTruncated>true</.test(xml) && next !== undefined ? unescapeXml(next) : undefined;
    } while (token !== undefined);
    return keys;
  }

  async #send(call: Call, accepted: readonly number[] = []): Promise<Dispatcher.ResponseData> {
    for (let attempt = 1; ; attempt += 1) {
      let failure: Problem;
      try {
        const answer = await this.#once(call);
        if (answer.statusCode < 300 || accepted.includes(answer.statusCode)) return answer;
        failure = await this.#failureOf(call, answer);
        if (answer.statusCode < 500 && answer.statusCode !== 429) throw failure;
      } catch (error) {
        this.#signal?.throwIfAborted();
        if (error instanceof Problem) throw error;
        failure = new Problem('bucket_unreachable', `${this.#settings.address} does not answer: ${messageOf(error)}`, {
          hint: 'check the network and AWS_ENDPOINT_URL, then run the command again: it goes on where it stopped',
          cause: error,
        });
      }
      if (attempt === tries) throw failure;
      await sleep(250 * 2 ** attempt, undefined, this.#signal ? { signal: this.#signal } : {});
    }
  }

  async #once({ method, key, query = {}, headers = {}, body }: Call): Promise<Dispatcher.ResponseData> {
    const { address, region, credentials } = this.#settings;
    const url = new URL(`${address}/${encodeKey(key ?? '')}`);
    // Spaces as %20, as the signature has them.
    const search = Object.entries(query).map(([name, value]) => `${name}=${encodeKey(value).replaceAll('/', '%2F')}`);
    url.search = search.join('&');
    const signed = signRequest({ method, url, headers, bodySha256: body?.sha256 ?? emptySha256 }, credentials, region, new Date());
    return await request(url, {
      method,
      headers: signed,
      ...(body && { body: body.open() }),
      ...(this.#signal && { signal: this.#signal }),
    });
  }

  async #failureOf({ method, key }: Call, { statusCode, headers, body }: Dispatcher.ResponseData): Promise<Problem> {
    const xml = await body.text();
    const said = /<Message>([^<]*)</.exec(xml)?.[1] ?? /<Code>([^<]*)</.exec(xml)?.[1] ?? `status ${statusCode}`;
    const what = `${this.#settings.bucket}: ${method} ${key ?? 'of its list'}: ${unescapeXml(said)}`;
    if (statusCode === 404) return new Problem('bucket_not_found', what, { hint: 'make the bucket first, or name another' });
    if (statusCode >= 500 || statusCode === 429) {
      return new Problem('bucket_unreachable', what, { hint: 'run the command again later: it goes on where it stopped' });
    }
    const elsewhere = headers['x-amz-bucket-region'];
    return new Problem('bucket_refused', what, {
      hint:
        typeof elsewhere === 'string'
          ? `set AWS_REGION=${elsewhere}, or check the rights of the key`
          : 'check the key, its rights and AWS_REGION',
    });
  }
}

async function drained({ body }: Dispatcher.ResponseData): Promise<void> {
  await body.dump();
}

function unescapeXml(text: string): string {
  const signs: Record<string, string> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return signs[name ?? ''] ?? whole;
  });
}
