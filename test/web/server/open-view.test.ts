import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { openView } from '../../../web/server/files/open-view.ts';

const folder = mkdtempSync(join(tmpdir(), 'view-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const all = { where: {}, text: '', sort: '', descending: false, after: null, limit: 100 };

const run = (id: string, command: string, more: object = {}) => ({
  id,
  instance_id: `owner__${id}`,
  messages: [
    { role: 'user', content: 'fix it' },
    {
      role: 'assistant',
      content: 'look',
      tool_calls: [{ id: 'a', type: 'function', function: { name: 'bash', arguments: JSON.stringify({ command }) } }],
    },
    { role: 'tool', tool_call_id: 'a', content: 'no\nexit code: 1' },
  ],
  ...more,
});

function write(name: string, text: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const linesOf = (values: object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');

describe('files as pages', () => {
  it.each([
    ['lines', 'rows.jsonl', (text: string) => text],
    ['packed lines', 'packed.jsonl.gz', (text: string) => gzipSync(text)],
  ])('shows each row of %s, with a field that no format knows', async (_what, name, pack) => {
    const rows = [run('one', 'ls'), run('two', 'false', { mood: 'low', log: 'x'.repeat(100_000) }), run('two', 'true')];
    const view = await openView([write(name, pack(linesOf(rows)))]);
    await view.read;
    const page = await view.rows(name, all);
    expect(page?.rows.map(({ id }) => id)).toEqual(['one', 'two', 'two~2']);
    const transcript = await view.transcript(name, 'two');
    const head = await transcript?.head();
    expect(head).toMatchObject({ turns: 3, errors: { seqs: [1] }, title: 'owner__two' });
    expect(head?.facts).toContainEqual({ name: 'file: mood', value: 'low' });
    const chunk = await transcript?.chunk(0);
    expect(chunk?.turns[2]?.parts[0]).toMatchObject({ name: 'field of the file: log', body: { bytes: 100_000, blob: '2-0' } });
    const blob = await transcript?.blob('2-0');
    const pieces: Uint8Array[] = [];
    for await (const piece of blob ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('x'.repeat(100_000));
    expect(await transcript?.blob('../head')).toBeUndefined();
    expect(await transcript?.chunk(7)).toBeUndefined();
    expect(await view.transcript(name, '..')).toBeUndefined();
    view.close();
  });

  it('reads a row again when its file changed, and says when it is gone', async () => {
    const path = write('changing.jsonl', linesOf([run('one', 'ls'), run('two', 'ls')]));
    const view = await openView([path]);
    await view.read;
    write('changing.jsonl', linesOf([run('one', 'ls -l'), run('two', 'ls')]));
    const changed = await (await view.transcript('changing.jsonl', 'one'))?.chunk(0);
    expect(JSON.stringify(changed)).toContain('ls -l');
    write('changing.jsonl', linesOf([run('one', 'ls -la')]));
    const gone = await (await view.transcript('changing.jsonl', 'two'))?.head();
    expect(gone?.unread[0]).toContain('cannot be read any more');
    view.close();
  });

  it("shows a scan's findings on the trajectory that it read, and alone where that is gone", async () => {
    const path = write('scanned.jsonl', linesOf([run('one', 'git log --all')]));
    const finding = {
      category: 'LOCAL_GIT',
      rule: 'local-git',
      severity: 'violation',
      turn: 0,
      call: 0,
      command: 'git log --all',
      evidence: '--all',
      succeeded: false,
    };
    const report = {
      id: 'one',
      place: { file: path, unit: 'line', number: 1 },
      git_hack_attempted: true,
      findings: [finding],
      unparsed: 0,
      unread: [],
      scanner_version: 1,
      preset: 'paper',
    };
    const lost = { ...report, place: { ...report.place, file: join(folder, 'nowhere.jsonl') } };
    const view = await openView([write('findings.jsonl', `${linesOf([report, lost])}no line\n`)]);
    await view.read;
    const here = await view.transcript('findings.jsonl', 'one');
    expect((await here?.head())?.findings).toMatchObject([{ seq: 1, rule: 'local-git' }]);
    expect((await here?.chunk(0))?.turns[1]?.parts[1]?.marks).toEqual([{ start: 8, end: 13, finding: 0 }]);
    const alone = await view.transcript('findings.jsonl', 'one~2');
    expect((await alone?.head())?.unread[0]).toContain('the trajectory is not shown');
    expect((await alone?.chunk(0))?.turns[0]?.parts[0]?.marks).toEqual([{ start: 8, end: 13, finding: 0 }]);
    expect((await view.site()).limits[0]).toContain('findings.jsonl:3');
    view.close();
  });

  it('leaves nothing behind, and refuses a path where nothing is', async () => {
    const before = new Set(readdirSync(tmpdir()));
    const view = await openView([write('last.jsonl', linesOf([run('one', 'ls')]))]);
    await view.read;
    await (await view.transcript('last.jsonl', 'one'))?.head();
    view.close();
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('tracemill-view-') && !before.has(name))).toEqual([]);
    expect(existsSync(folder)).toBe(true);
    await expect(openView([join(folder, 'nothing')])).rejects.toMatchObject({ code: 'not_found' });
  });
});
