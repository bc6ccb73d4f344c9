import type { IngestedFormat } from '../../schemas/ingested.ts';
import { parseJson } from '../tables/loose-json.ts';
import { peek, type UnpackedBytes, unpackOnce } from '../tables/packed.ts';
import type { RecordFormat } from './format.ts';
import { lineFormatOf } from './formats.ts';

/**
 * What bytes are. `lines`: each line a record; `session`: all lines together are one, or a few; `document` and `list`: JSON as a whole.
 */
type ContentKind = 'empty' | 'parquet' | 'zip' | 'lines' | 'session' | 'list' | 'document' | 'other';

/** The bytes of a file or stream, recognised by how they begin, whatever packs them. */
export interface Contents extends UnpackedBytes {
  name: string;
  kind: ContentKind;
  /** Of a session: the format of its lines. */
  format: RecordFormat | null;
}

/** Bytes looked at to distinguish the kinds of files. */
const sampleBytes = 64 * 1024;

/** Lines looked at to tell a session from rows, and bytes that they may have. */
const sampleLines = 10;
const sampleLineBytes = 4 * 1024 * 1024;

/**
 * Opens bytes that may be packed by gzip or zstd, once or twice, or be UTF-16. `from` is a format that the user named. Throws what the
 * unpacking throws where the first bytes are damaged.
 */
export async function openContents(name: string, bytes: AsyncIterable<Uint8Array>, from?: IngestedFormat): Promise<Contents> {
  const unpacked = await unpackOnce(bytes, sampleBytes);
  const kind = kindOf(name, unpacked.head);
  if (kind !== 'lines') return { name, kind, format: null, ...unpacked };
  let newlines = 0;
  const peeked = await peek(unpacked.chunks, (length, last) => {
    newlines += countNewlines(last);
    return newlines > sampleLines || length > sampleLineBytes;
  });
  const format = lineFormatOf(firstValues(peeked.head), from) ?? null;
  return { name, kind: format === null ? 'lines' : 'session', format, packing: unpacked.packing, ...peeked };
}

/** Whether a name ends in one of several endings, whatever packs the file. */
export function endsIn(name: string, endings: string): boolean {
  const bare = name.replace(/[?#].*$/, '').replace(/\.(?:gz|gzip|zst|zstd)$/i, '');
  return new RegExp(`\\.(?:${endings})$`, 'i').test(bare);
}

function kindOf(name: string, head: Buffer): ContentKind {
  const signature = head.subarray(0, 4).toString('latin1');
  if (signature === 'PAR1') return 'parquet';
  if (signature === 'PK\x03\x04' || signature === 'PK\x05\x06') return 'zip';
  const text = head.toString('utf8').trimStart();
  if (text === '') return 'empty';
  const end = text.indexOf('\n');
  const whole = end === -1 ? null : isJson(text.slice(0, end));
  const more = whole === true && text.slice(end).trim() !== '';
  if (text.startsWith('[')) return more || (endsIn(name, 'jsonl|ndjson') && !/^\[\s*\n/.test(text)) ? 'lines' : 'list';
  if (!text.startsWith('{')) return 'other';
  if (/^\{\s*\n/.test(text)) return 'document';
  if (endsIn(name, 'json|traj')) return more ? 'lines' : 'document';
  return whole === false && !endsIn(name, 'jsonl|ndjson') ? 'document' : 'lines';
}

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** The first lines that are JSON; the last piece may be a part of a line. */
function firstValues(head: Buffer): unknown[] {
  const values: unknown[] = [];
  for (const line of head.toString('utf8').split('\n').slice(0, sampleLines)) {
    if (line.trim() === '') continue;
    try {
      values.push(parseJson(line.trim()));
    } catch {
      // Said where lines are read.
    }
  }
  return values;
}

function countNewlines(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(0x0a); at !== -1; at = bytes.indexOf(0x0a, at + 1)) count += 1;
  return count;
}
