import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { TranscriptHead, TurnView } from '../../../schemas/transcript.ts';
import type { RowQuery } from '../../../schemas/view-row.ts';
import { openView } from '../../../web/server/files/open-view.ts';
import { agentForms } from '../../ingestion/forms/agents.ts';
import type { Form } from '../../ingestion/forms/form.ts';
import { type Made, made } from '../../ingestion/forms/made.ts';
import { linesOf, plainForms } from '../../ingestion/forms/plain.ts';

const folder = mkdtempSync(join(tmpdir(), 'shown-forms-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const everything: RowQuery = { where: {}, text: '', sort: '', descending: false, after: null, limit: 1000 };
const strange = { mood: 'low spirits' };

function trajectoriesFor(form: Form): Made[] {
  const powers = form.commands === true ? { calls: 1, tools: false } : { calls: 3, tools: true };
  return (form.single === true ? [0] : [0, 1]).map((index) => made(70 + index, powers));
}

/** What a file would show of each of its rows. */
async function shown(path: string): Promise<{ head: TranscriptHead; turns: TurnView[]; text: string }[]> {
  const view = await openView([path]);
  try {
    await view.read;
    const { collections, limits } = await view.site();
    expect(limits).toEqual([]);
    const id = collections[0]?.id ?? '';
    const all: { head: TranscriptHead; turns: TurnView[]; text: string }[] = [];
    for (const row of (await view.rows(id, everything))?.rows ?? []) {
      const transcript = await view.transcript(id, row.id);
      const head = await transcript?.head();
      if (transcript === undefined || head === undefined) throw new Error(`no transcript of ${row.id}`);
      const chunks = await Promise.all(Array.from({ length: head.chunks }, async (_, chunk) => await transcript.chunk(chunk)));
      const turns = chunks.flatMap((chunk) => chunk?.turns ?? []);
      const parts = turns.flatMap((turn) => turn.parts);
      all.push({ head, turns, text: parts.map(({ name, body }) => `${name}\n${'text' in body ? body.text : body.head}`).join('\n') });
    }
    return all;
  } finally {
    await view.close();
  }
}

/** The file with one field more, of which no format knows: in each record, or in each message and event of one that is a list. */
function withStrangeField(form: Form, all: readonly Made[]): string {
  const text = String(form.write(all));
  if (form.ending === 'jsonl') {
    return linesOf(
      text
        .trimEnd()
        .split('\n')
        .map((line) => ({ ...JSON.parse(line), ...strange })),
    );
  }
  const value: unknown = JSON.parse(text);
  const add = (each: unknown) => (typeof each === 'object' && each !== null ? { ...each, ...strange } : each);
  return JSON.stringify(Array.isArray(value) ? value.map(add) : add(value));
}

describe.each([...plainForms, ...agentForms])('a file in the form $name', (form) => {
  const all = trajectoriesFor(form);

  it('behaviour 22: is shown turn by turn, with each text, call and result', async () => {
    const path = join(folder, `${form.name}.${form.ending}`);
    writeFileSync(path, form.write(all));
    const rows = await shown(path);
    expect(rows).toHaveLength(all.length);
    for (const [index, { turns }] of all.entries()) {
      const row = rows[index];
      const calls = row?.turns.flatMap(({ parts }) => parts.filter(({ kind }) => kind === 'call')) ?? [];
      expect(calls.length).toBeGreaterThanOrEqual(turns.flatMap((turn) => turn.calls).length);
      const texts = turns.flatMap(({ text, reasoning, calls: asked }) => [
        form.commands === true ? '' : text,
        form.reasoning === false ? '' : reasoning,
        ...asked.map(({ result }) => result.trim()),
      ]);
      for (const text of texts) expect(row?.text).toContain(text);
    }
  });

  it.skipIf(form.ending === 'eval')('behaviour 22: is shown with a field that no format knows', async () => {
    const path = join(folder, `strange-${form.name}.${form.ending}`);
    writeFileSync(path, withStrangeField(form, all));
    const rows = await shown(path);
    expect(rows).toHaveLength(all.length);
    for (const { head, text } of rows) {
      const facts = head.facts.filter(({ name }) => name.includes('mood')).map(({ value }) => value);
      expect(`${facts.join('\n')}\n${text}`).toContain('low spirits');
    }
  });
});

describe('a page of files', () => {
  it('behaviour 22: takes files of every form that are dropped on it, packed too, and says which it cannot read', async () => {
    const path = join(folder, 'shown.jsonl');
    writeFileSync(path, linesOf([{ id: 'a', messages: [{ role: 'assistant', content: 'x' }] }]));
    const view = await openView([path]);
    const drop = async (name: string, bytes: Uint8Array) => await view.take?.(name, Readable.from([bytes]));
    try {
      for (const form of [...plainForms, ...agentForms]) {
        const all = trajectoriesFor(form);
        const bytes = Buffer.from(form.write(all));
        expect(await drop(`${form.name}.${form.ending}`, bytes)).toMatchObject({ rows: all.length });
        expect(await drop(`${form.name}.${form.ending}.zst`, zstdCompressSync(bytes))).toMatchObject({ rows: all.length });
      }
      const rows = readFileSync('test/ingestion/fixtures/parquet/swe-zero.parquet');
      expect((await drop('rows.parquet', rows))?.rows).toBeGreaterThan(0);
      expect(view.state().unread).toEqual([]);
      expect(await drop('photo.png', Buffer.from('\x89PNG\r\n\x1a\n'))).toMatchObject({ rows: 0 });
      expect(view.state().unread).toEqual([expect.stringContaining('photo.png')]);
    } finally {
      await view.close();
    }
  });
});

describe('fields that no format knows', () => {
  const messages = (field: (at: number) => unknown) =>
    Array.from({ length: 3 }, (_, at) => ({ role: at === 0 ? 'user' : 'assistant', content: `said ${at}`, mood: field(at) }));
  const only = async (record: Record<string, unknown>) => {
    const path = join(folder, 'record.jsonl');
    writeFileSync(path, linesOf([record]));
    const [row] = await shown(path);
    if (row === undefined) throw new Error('no row');
    return row;
  };
  const factsOf = ({ facts }: TranscriptHead) =>
    facts.flatMap(({ name, value }) => (name.startsWith('file: ') ? [`${name.slice(6)} = ${value}`] : []));

  it('are named by where they stand, once where they are the same everywhere', async () => {
    const { head } = await only({ id: 'a', messages: messages(() => 'low'), sky: { colour: 'grey', wind: [1, 2] } });
    expect(factsOf(head)).toEqual(['messages[].mood = low (3 times)', 'sky = {"colour":"grey","wind":[1,2]}']);
  });

  it('stand behind the last turn, each with the number of its message, where they differ', async () => {
    const { head, turns } = await only({ id: 'a', messages: messages((at) => ['low', '', { deep: [at] }][at]) });
    expect(factsOf(head)).toEqual([]);
    expect(turns.at(-1)).toMatchObject({
      kind: 'note',
      parts: [{ kind: 'field', name: 'messages[].mood', body: { text: '0: low\n2: {"deep":[2]}' } }],
    });
  });

  it('are not told again of what a message shows, and say how much is left out of very many', async () => {
    const { head, turns } = await only({
      id: 'a',
      messages: messages((at) => (at < 2 ? `said ${at}` : 'x'.repeat(300_000 + at))),
      more: ['y'.repeat(200_000), 'z'.repeat(200_000)],
    });
    expect(factsOf(head)).toEqual([]);
    const bodies = turns
      .at(-1)
      ?.parts.map(({ name, body }) => [name, 'bytes' in body ? body.bytes : 0, 'tail' in body ? body.tail.slice(-45) : '']);
    expect(bodies).toEqual([
      ['messages[].mood', 300_002, 'x'.repeat(45)],
      ['more[]', expect.any(Number), expect.stringContaining('200000 characters more of it are not shown')],
    ]);
  });

  it('of a log of many samples are those of its own sample', async () => {
    const sample = (id: string) => ({
      id,
      epoch: 1,
      mood: `mood of ${id}`,
      input: 'do it',
      target: '',
      messages: [{ role: 'assistant', content: 'done' }],
      events: [{ event: 'state', id }],
    });
    const path = join(folder, 'log.json');
    const log = { version: 2, status: 'success', eval: { task: 't', model: 'm' }, plan: {}, samples: [sample('one'), sample('two')] };
    writeFileSync(path, JSON.stringify(log));
    const rows = await shown(path);
    expect(rows.map(({ head }) => factsOf(head).filter((fact) => fact.startsWith('samples[].mood')))).toEqual([
      ['samples[].mood = mood of one'],
      ['samples[].mood = mood of two'],
    ]);
  });
});
