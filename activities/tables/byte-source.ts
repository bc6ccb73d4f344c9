import { type FileHandle, open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isMissingFile } from '../../platform/missing-file.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';

/** A file that is read in ranges, local or behind HTTP. */
export interface ByteSource {
  /** As the user wrote it. */
  name: string;
  /** Size in bytes. */
  size: number;
  /** Bytes that one request should fetch at least. */
  stride: number;
  /** Exactly the bytes from `start` up to `end`, less where the file is shorter. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** Opens a path or an `http(s)://` address. Throws `Problem` source_not_found or source_unreadable. */
export async function openSource(input: string): Promise<ByteSource> {
  return isUrl(input) ? openUrl(input) : openFile(input);
}

export function isUrl(input: string): boolean {
  return /^https?:\/\//i.test(input);
}

async function openFile(path: string): Promise<ByteSource> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    throw new Problem(isMissingFile(error) ? 'source_not_found' : 'source_unreadable', `${path} cannot be opened: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const { size } = await handle.stat();
  return {
    name: path,
    size,
    stride: 256 * 1024,
    async read(start, end) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start));
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, start + filled);
        if (bytesRead === 0) throw new Problem('source_unreadable', `${path} became shorter while it was read`);
        filled += bytesRead;
      }
      return bytes;
    },
    close: () => handle.close(),
  };
}

/** What a server says of one range. */
interface RangeReply {
  total: number;
  etag: string | null;
}

const mostTries = 5;

async function openUrl(url: string): Promise<ByteSource> {
  const first = new Uint8Array(1);
  const { total, etag } = await fetchRange(url, null, 0, first);
  return {
    name: url,
    size: total,
    stride: 4 * 1024 * 1024,
    async read(start, end) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, total) - start));
      if (bytes.length > 0) await fetchRange(url, etag, start, bytes);
      return bytes;
    },
    close: async () => undefined,
  };
}

/** Fills `bytes` from `start` on. A cut answer is taken up again at the byte where it ended. */
async function fetchRange(url: string, etag: string | null, start: number, bytes: Uint8Array): Promise<RangeReply> {
  let filled = 0;
  let reply: RangeReply | undefined;
  let failure: unknown;
  for (let attempt = 0; attempt < mostTries; attempt += 1) {
    if (attempt > 0) await sleep(250 * 2 ** attempt * (0.5 + Math.random() / 2));
    const before = filled;
    try {
      const response = await fetch(url, { headers: { Range: `bytes=${start + filled}-${start + bytes.length - 1}` } });
      reply = replyOf(url, response);
      if (etag !== null && reply.etag !== null && reply.etag !== etag) {
        throw new Problem('source_changed', `${url} changed while it was read`, { hint: 'name a pinned revision in the address' });
      }
      if (response.body !== null) {
        for await (const chunk of response.body) {
          bytes.set(chunk.subarray(0, bytes.length - filled), filled);
          filled = Math.min(bytes.length, filled + chunk.length);
        }
      }
      if (filled === bytes.length || start + filled >= reply.total) return reply;
      failure = new Error('the answer ended early');
    } catch (error) {
      if (error instanceof Problem) throw error;
      failure = error;
    }
    if (filled > before) attempt = 0;
  }
  throw new Problem('source_unreadable', `${url} cannot be read: ${messageOf(failure)}`, {
    hint: 'check the address and the network; reading can be started again',
    cause: failure,
  });
}

function replyOf(url: string, response: Response): RangeReply {
  if (response.status === 404 || response.status === 410)
    throw new Problem('source_not_found', `${url} does not exist (${response.status})`);
  if (response.status === 401 || response.status === 403)
    throw new Problem('source_unreadable', `${url} refuses access (${response.status})`);
  if (response.status === 429 || response.status >= 500) throw new Error(`the server answered ${response.status}`);
  const total = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (response.status !== 206 || total === undefined) {
    void response.body?.cancel();
    throw new Problem('source_unreadable', `${url} is not served in ranges (status ${response.status})`, {
      hint: 'download the file and give its path',
    });
  }
  return { total: Number(total), etag: response.headers.get('etag') };
}
