import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Finding } from '../../../schemas/finding.ts';
import { indexPageTurns, type TranscriptHead, type TurnChunk, type TurnIndex, type TurnView } from '../../../schemas/transcript.ts';
import { isMissingFile } from '../../../platform/missing-file.ts';
import { type AboutTranscript, TranscriptBuilder } from '../../model/transcript/builder.ts';
import { clip } from '../../model/transcript/clip.ts';
import type { RawTurn } from '../../model/transcript/raw-turn.ts';
import type { TranscriptSource } from '../view-source.ts';

/** What a transcript is made of: its turns, read one at a time, and what its head says beside. */
export interface TranscriptParts {
  about: Omit<AboutTranscript, 'patch'> & { patch: string | null };
  findings: readonly Finding[];
  turns: Iterable<RawTurn>;
}

/**
 * Writes a transcript as the files that pages ask for, and holds one chunk of it at a time. Gives the bytes written.
 */
async function writeTranscript(folder: string, { about, findings, turns }: TranscriptParts): Promise<number> {
  await mkdir(join(folder, 'blob'), { recursive: true });
  let written = 0;
  const write = async (name: string, text: string) => {
    written += text.length;
    await writeFile(join(folder, name), text);
  };
  const json = async (name: string, data: TranscriptHead | TurnIndex | TurnChunk) => await write(name, JSON.stringify(data));
  const builder = new TranscriptBuilder(findings);
  let current: { chunk: number; turns: TurnView[] } = { chunk: 0, turns: [] };
  for (const turn of turns) {
    const { view, blobs, chunk } = builder.add(turn);
    for (const [id, text] of blobs) written += await writeText(join(folder, 'blob', `${id}.txt`), text);
    if (chunk !== current.chunk) {
      await json(`chunk-${current.chunk}.json`, current);
      current = { chunk, turns: [] };
    }
    current.turns.push(view);
  }
  // Also where there are no turns: pages ask for the first chunk before they know.
  await json(`chunk-${current.chunk}.json`, current);
  for (let page = 0; page === 0 || page * indexPageTurns < builder.turns; page += 1) {
    const index = builder.index(page);
    if (index !== undefined) await json(`index-${page}.json`, index);
  }
  const patch = about.patch === null ? null : clip(about.patch, 'patch');
  if (patch !== null && 'blob' in patch) written += await writeText(join(folder, 'blob', 'patch.txt'), about.patch ?? '');
  await json('head.json', builder.head({ ...about, patch }));
  return written;
}

/** Most of a text that is encoded at a time, in UTF-16 units. */
const pieceLength = 1024 * 1024;

/** Writes a text piece by piece: never a second copy of it in memory. Gives its length. */
async function writeText(path: string, text: string): Promise<number> {
  const file = await open(path, 'w');
  try {
    for (let at = 0; at < text.length; ) {
      const end = Math.min(at + pieceLength, text.length);
      // No character is cut in two.
      const last = text.charCodeAt(end - 1);
      const next = end < text.length && last >= 0xd800 && last < 0xdc00 ? end - 1 : end;
      await file.writeFile(text.slice(at, next));
      at = next;
    }
  } finally {
    await file.close();
  }
  return text.length;
}

/** A transcript that {@link writeTranscript} wrote. */
function transcriptFolder(folder: string): TranscriptSource {
  return {
    head: async () => {
      const head: TranscriptHead = JSON.parse(await readFile(join(folder, 'head.json'), 'utf8'));
      return head;
    },
    index: async (page) => await readJson<TurnIndex>(join(folder, `index-${page}.json`)),
    chunk: async (chunk) => await readJson<TurnChunk>(join(folder, `chunk-${chunk}.json`)),
    blob: async (id) => {
      if (!/^[\w-]{1,40}$/.test(id)) return undefined;
      const stream = createReadStream(join(folder, 'blob', `${id}.txt`));
      return await new Promise((resolve, reject) => {
        stream.once('open', () => resolve(stream));
        stream.once('error', (error) => (isMissingFile(error) ? resolve(undefined) : reject(error)));
      });
    },
  };
}

/** The file of a page or chunk; undefined where there is none, as for a number out of an address. */
async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    const data: T = JSON.parse(await readFile(path, 'utf8'));
    return data;
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    throw error;
  }
}

/** Transcripts in a temporary folder: those asked for last, up to `limit` bytes together. */
export class TranscriptFolders {
  readonly #root: string;
  readonly #limit: number;
  readonly #known = new Map<string, { folder: string; making: Promise<number>; bytes: number }>();
  #next = 0;

  constructor(root: string, limit = 2 * 1024 ** 3) {
    this.#root = root;
    this.#limit = limit;
  }

  /** The transcript under `key`, made by `parts` unless it lies here. Two who ask at once wait for the same making. */
  async get(key: string, parts: () => Promise<TranscriptParts>): Promise<TranscriptSource> {
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#known.delete(key);
      this.#known.set(key, known);
      await known.making;
      return transcriptFolder(known.folder);
    }
    const folder = join(this.#root, String(this.#next));
    this.#next += 1;
    const entry = { folder, bytes: 0, making: parts().then(async (made) => await writeTranscript(folder, made)) };
    this.#known.set(key, entry);
    try {
      entry.bytes = await entry.making;
    } catch (error) {
      this.#known.delete(key);
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    await this.#shrink(key);
    return transcriptFolder(folder);
  }

  /** Settles when none is being made. */
  async settled(): Promise<void> {
    await Promise.allSettled([...this.#known.values()].map(({ making }) => making));
  }

  async #shrink(spared: string): Promise<void> {
    let sum = [...this.#known.values()].reduce((bytes, entry) => bytes + entry.bytes, 0);
    for (const [key, { folder, bytes }] of this.#known) {
      if (sum <= this.#limit) return;
      if (key === spared || bytes === 0) continue;
      this.#known.delete(key);
      sum -= bytes;
      await rm(folder, { recursive: true, force: true });
    }
  }
}
