import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { openSource } from '../../../activities/tables/byte-source.ts';
import { parquetRows } from '../../../activities/tables/parquet-rows.ts';
import { decidingRule } from '../../../schemas/ledger-entry.ts';
import { messageOf } from '../../../schemas/problem.ts';
import { ReleasedLedgerEntry } from '../../../schemas/release.ts';
import type { ViewRow } from '../../../schemas/view-row.ts';

/** Where the whole ledger line of a row lies. */
export interface LineSpan {
  start: number;
  end: number;
}

/** What a list needs of a line; names of tests and the like are read when the row is looked at. */
const ListedEntry = ReleasedLedgerEntry.pick({
  id: true,
  key: true,
  teacher: true,
  repo: true,
  language: true,
  license: true,
  kept: true,
  resolved: true,
  ending: true,
  turns: true,
  usage: true,
  cost_usd: true,
  decisions: true,
  findings: true,
});

/** Lines of a released ledger with their places, one at a time. A line that cannot be read is told to `bad`, with its number. */
export async function* listedRows(
  path: string,
  bad: (line: number, problem: string) => void,
): AsyncGenerator<{ row: ViewRow; span: LineSpan }> {
  const same = new Map<string, string>();
  let number = 0;
  for await (const { bytes, span } of linesOf(path)) {
    number += 1;
    if (bytes.length === 0) continue;
    let row: ViewRow;
    try {
      row = rowOf(ListedEntry.parse(JSON.parse(bytes.toString('utf8'))), (text) => kept(same, text));
    } catch (error) {
      bad(number, messageOf(error));
      continue;
    }
    yield { row, span };
  }
}

/** One line whole. */
export async function entryAt(path: string, { start, end }: LineSpan): Promise<ReleasedLedgerEntry> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(end - start), 0, end - start, start);
    return ReleasedLedgerEntry.parse(JSON.parse(buffer.toString('utf8')));
  } finally {
    await file.close();
  }
}

/** Every column of a shard but the one that rows are found by, in both forms. */
const otherColumns = new Set([
  'instance_id',
  'repo',
  'license',
  'language',
  'resolved',
  'hf_dataset_name',
  'metadata',
  'tools',
  'trajectory',
  'messages',
]);

/** Ids of the rows of a shard in their order, from that column alone. */
export async function* idsOfShard(path: string): AsyncGenerator<string> {
  const source = await openSource(path);
  try {
    for await (const row of parquetRows(source, otherColumns, { rowsAtOnce: 1000 })) yield String(row['trajectory_id']);
  } finally {
    await source.close();
  }
}

function rowOf(entry: Pick<ReleasedLedgerEntry, keyof (typeof ListedEntry)['shape']>, same: (text: string) => string): ViewRow {
  const { key, usage, findings, ending } = entry;
  return {
    id: entry.id,
    instance_id: same(key.instance_id),
    repo: same(entry.repo),
    language: same(entry.language),
    license: same(entry.license),
    harness: same(key.harness),
    mode: same(key.mode),
    model: same(entry.teacher.model),
    sample: key.sample,
    stage: '',
    ending: same(ending?.kind ?? ''),
    fate: entry.kept ? 'kept' : ending === null ? 'lost' : 'dropped',
    rule: same(decidingRule(entry)?.rule ?? ''),
    resolved: entry.resolved,
    turns: entry.turns,
    prompt_tokens: usage.prompt_tokens,
    completion_tokens: usage.completion_tokens,
    cost_usd: entry.cost_usd,
    bytes: null,
    seconds: null,
    findings: findings.length,
    categories: same([...new Set(findings.map(({ category }) => category))].sort().join(' ')),
  };
}

/** The same text once in memory: a million rows have few different names. */
function kept(same: Map<string, string>, text: string): string {
  const known = same.get(text);
  if (known !== undefined) return known;
  same.set(text, text);
  return text;
}

async function* linesOf(path: string): AsyncGenerator<{ bytes: Buffer; span: LineSpan }> {
  let pieces: Buffer[] = [];
  let start = 0;
  let at = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    if (!(chunk instanceof Buffer)) continue;
    let from = 0;
    for (let newline = chunk.indexOf(0x0a); newline !== -1; newline = chunk.indexOf(0x0a, from)) {
      pieces.push(chunk.subarray(from, newline));
      yield { bytes: pieces.length === 1 ? chunk.subarray(from, newline) : Buffer.concat(pieces), span: { start, end: at + newline } };
      pieces = [];
      from = newline + 1;
      start = at + from;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
    at += chunk.length;
  }
  if (pieces.length > 0) yield { bytes: Buffer.concat(pieces), span: { start, end: at } };
}
