import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { EvaluationOutcome, EvaluationRecord } from '../../../schemas/evaluation-record.ts';
import { viewApp } from '../../../web/server/app.ts';
import { changeHeader } from '../../../web/server/guard.ts';
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
    expect(chunk?.turns[2]?.parts[0]).toMatchObject({ kind: 'field', name: 'log', body: { bytes: 100_000, blob: '2-0' } });
    const blob = await transcript?.blob('2-0');
    const pieces: Uint8Array[] = [];
    for await (const piece of blob ?? []) pieces.push(piece);
    expect(Buffer.concat(pieces).toString()).toBe('x'.repeat(100_000));
    expect(await transcript?.blob('../head')).toBeUndefined();
    expect(await transcript?.chunk(7)).toBeUndefined();
    expect(await view.transcript(name, '..')).toBeUndefined();
    await view.close();
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
    await view.close();
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
    await view.close();
  });

  it('takes a file from a page under a harmless name, and none that is too large or comes from elsewhere', async () => {
    const view = await openView([write('first.jsonl', linesOf([run('one', 'ls')]))]);
    await view.read;
    const pages = mkdtempSync(join(folder, 'pages-'));
    const app = viewApp(view, pages, { hosts: new Set(['here:1']), token: null });
    const send = async (headers: Record<string, string>, body: string) =>
      await app.request('http://here:1/data/files?name=..%2F..%2Fx.jsonl', {
        method: 'POST',
        headers: { host: 'here:1', ...headers },
        body,
      });
    const change = { [changeHeader]: '1' };
    expect((await send({}, 'x')).status).toBe(403);
    expect((await send({ ...change, origin: 'http://elsewhere' }, 'x')).status).toBe(403);
    expect((await send({ ...change, 'content-length': String(2 ** 31) }, 'x')).status).toBe(413);
    expect(await (await send(change, linesOf([run('new', 'ls'), run('next', 'ls')]))).json()).toMatchObject({ rows: 2 });
    expect(await (await send(change, 'nothing that is known')).json()).toMatchObject({ rows: 0 });
    const { collections, limits } = await view.site();
    expect(collections.map(({ title, rows }) => [title, rows])).toEqual([
      [join(folder, 'first.jsonl'), 1],
      ['../../x.jsonl', 2],
      ['../../x.jsonl', 0],
    ]);
    expect(limits).toHaveLength(1);
    const [, second] = collections;
    expect(await (await view.transcript(second?.id ?? '', 'new'))?.head()).toMatchObject({ title: 'owner__new' });
    await view.close();
  });

  it('shows each attempt of an evaluation, and says that its record has no turns, or what is wrong with it', async () => {
    const outcome = (instance_id: string, verdict: 'resolved' | 'infra_error'): EvaluationOutcome => ({
      instance_id,
      harness: 'openhands',
      mode: 'think',
      run: 0,
      verdict,
      graded_by: 'tracemill',
      ours: null,
      trajectory_id: null,
      patch_sha256: null,
      ending: null,
      turns: 7,
      prompt_tokens: 1,
      completion_tokens: 2,
      longest_context: null,
      cost_usd: 0,
      calls: 3,
      unparsed_calls: 0,
      findings: ['LOCAL_GIT', 'LOCAL_GIT'],
      git_hack_attempted: true,
    });
    const sha = 'a'.repeat(64);
    const record: EvaluationRecord = {
      format: 1,
      name: 'nightly',
      benchmark: { name: 'own', data_sha256: sha, set_sha256: sha, instances: [], gold_failures: [] },
      model: { name: 'student', facts: {} },
      grader: null,
      protocol: {
        cells: [{ harness: 'openhands', mode: 'think' }],
        runs: 1,
        max_turns: 1,
        context_tokens: 1,
        seed: 0,
        trained_tokens: null,
      },
      outcomes: [outcome('owner__one-1', 'resolved'), outcome('owner__two-2', 'infra_error')],
      started_at: '2026-01-01T00:00:00Z',
      ended_at: '2026-01-01T00:00:00Z',
    };
    const good = write('evaluation.json', JSON.stringify(record));
    const bad = write('damaged.json', JSON.stringify({ ...record, started_at: 5 }));
    const view = await openView([good, bad]);
    await view.read;
    const rows = (await view.rows('evaluation.json', all))?.rows ?? [];
    expect(rows.map((row) => [row.instance_id, row.model, row.resolved, row.turns, row.findings, row.categories])).toEqual([
      ['owner__one-1', 'student', 1, 7, 2, 'LOCAL_GIT'],
      ['owner__two-2', 'student', -1, 7, 2, 'LOCAL_GIT'],
    ]);
    const head = await (await view.transcript('evaluation.json', rows[0]?.id ?? ''))?.head();
    expect(head).toMatchObject({ title: 'owner__one-1', resolved: 1, turns: 0 });
    expect(head?.unread[0]).toContain('holds no turns');
    expect((await view.site()).limits).toEqual([expect.stringContaining('damaged.json: started_at')]);
    await view.close();
  });

  it('leaves nothing behind, and refuses a path where nothing is', async () => {
    const own = mkdtempSync(join(folder, 'temporary-'));
    vi.stubEnv('TMPDIR', own);
    const view = await openView([write('last.jsonl', linesOf([run('one', 'ls')]))]);
    vi.unstubAllEnvs();
    expect(readdirSync(own)).toHaveLength(1);
    await view.read;
    await (await view.transcript('last.jsonl', 'one'))?.head();
    await view.close();
    expect(readdirSync(own)).toEqual([]);
    expect(existsSync(folder)).toBe(true);
    await expect(openView([join(folder, 'nothing')])).rejects.toMatchObject({ code: 'not_found' });
  });
});
