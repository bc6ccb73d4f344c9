import { createHash } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RowPage } from '../../schemas/view-row.ts';
import { Site } from '../../schemas/site.ts';
import { TranscriptHead, TurnChunk, TurnIndex } from '../../schemas/transcript.ts';
import { writeBundle } from '../../web/server/bundle/write-bundle.ts';
import { type FileView, openView } from '../../web/server/files/open-view.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
const pages = join(folder, 'pages');
const source = join(folder, 'runs.jsonl');
const many = { rows: 100_000, bytes: 1e9 };
const count = 1203;
const few = { limits: { ...many, rows: 20 } };

let view: FileView;

beforeAll(async () => {
  mkdirSync(pages);
  writeFileSync(join(pages, 'index.html'), '<head><!--policy--></head>');
  const lines = Array.from({ length: count }, (_, number) => {
    const long = number === 7 ? 'é'.repeat(100_000) : 'short';
    return JSON.stringify({
      id: `run-${number}`,
      instance_id: 'a__b-1',
      messages: [
        { role: 'user', content: long },
        { role: 'assistant', content: 'ok' },
      ],
    }); // prettier-ignore
  });
  writeFileSync(source, `${lines.join('\n')}\n`);
  view = await openView([source]);
  await view.read;
});
afterAll(async () => {
  await view.close();
  rmSync(folder, { recursive: true, force: true });
});

async function bundled(name: string, more: Partial<Parameters<typeof writeBundle>[0]> = {}) {
  return await writeBundle({ source: view, paths: [source], pages, out: join(folder, name), limits: many, ...more });
}

const read = (name: string, path: string): unknown => JSON.parse(readFileSync(join(folder, name, path), 'utf8'));

function listed(name: string): RowPage['rows'] {
  const rows: RowPage['rows'] = [];
  for (let file: string | null = 'rows.json'; file !== null; ) {
    const page: RowPage = RowPage.parse(read(name, `data/c/runs.jsonl/${file}`));
    rows.push(...page.rows);
    file = page.next;
  }
  return rows;
}

/** Every file with the hash of its bytes. */
function contents(name: string): string[] {
  const root = join(folder, name);
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${path.slice(root.length)} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`)
    .sort();
}

describe('a bundle', () => {
  it('has each row of a long list once, in files that name the next, and each transcript whole', async () => {
    const { rows, limits } = await bundled('whole');
    expect({ rows, limits }).toEqual({ rows: count, limits: [] });
    expect(new Set(listed('whole').map(({ id }) => id)).size).toBe(count);
    expect(Site.parse(read('whole', 'data/site.json'))).toMatchObject({ kind: 'bundle', steering: false, limits: [] });
    const run = 'data/c/runs.jsonl/r/run-7';
    expect(TranscriptHead.parse(read('whole', `${run}/head.json`))).toMatchObject({ turns: 2, chunks: 1 });
    expect(TurnIndex.parse(read('whole', `${run}/index-0.json`)).count).toBe(2);
    expect(TurnChunk.parse(read('whole', `${run}/chunk-0.json`)).turns).toHaveLength(2);
    expect(readFileSync(join(folder, 'whole', run, 'blob', '0-0.txt'), 'utf8')).toBe('é'.repeat(100_000));
    expect(readFileSync(join(folder, 'whole', 'index.html'), 'utf8')).toContain(`content="default-src 'none'`);
    expect(readFileSync(join(folder, 'whole', 'robots.txt'), 'utf8')).toContain('Disallow: /');
  });

  it('has the same bytes when it is written again, over itself', async () => {
    await bundled('again', few);
    const first = contents('again');
    await bundled('again', few);
    expect(contents('again')).toEqual(first);
  });

  it.each([
    ['rows', { rows: 5, bytes: 1e9 }, 5, /the first 5 of 1203 rows, by id: at most 5 rows/],
    ['bytes', { rows: 100_000, bytes: 2000 }, 3, /of 1203 rows, by id: at most 2000 bytes/],
  ] as const)('says what the limit of %s left out, and lists what is there', async (name, limits, most, said) => {
    const { rows } = await bundled(name, { limits });
    expect(rows).toBeLessThanOrEqual(most);
    expect(rows).toBeGreaterThan(0);
    expect(Site.parse(read(name, 'data/site.json')).limits.join('\n')).toMatch(said);
    expect(listed(name)).toHaveLength(rows);
    const written = readdirSync(join(folder, name, 'data', 'c', 'runs.jsonl', 'r')).sort();
    expect(written).toEqual(
      listed(name)
        .map(({ id }) => id)
        .sort(),
    ); // prettier-ignore
  });

  it('touches no folder of somebody, and leaves nothing of a stopped one', async () => {
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'thesis.txt'), 'mine');
    await expect(bundled('mine')).rejects.toMatchObject({ code: 'folder_in_use' });
    expect(readdirSync(join(folder, 'mine'))).toEqual(['thesis.txt']);
    const stop = new AbortController();
    const progress = () => stop.abort(new Error('stopped'));
    await expect(bundled('stopped', { progress, signal: stop.signal })).rejects.toThrow('stopped');
    expect(readdirSync(folder).filter((name) => name.includes('stopped') || name.includes('bundling'))).toEqual([]);
  });

  it('has the same bytes where a program before it was killed, and leaves nothing of that one', async () => {
    const args = ['cli/main.ts', 'view', 'bundle', source, '--out', join(folder, 'killed')];
    const child = spawn(process.execPath, args, { stdio: 'ignore' });
    const ended = once(child, 'exit');
    const draft = join(folder, '.killed.bundling', 'data', 'c', 'runs.jsonl', 'r');
    await expect.poll(() => existsSync(draft) && readdirSync(draft).length, { timeout: 15_000, interval: 5 }).toBeGreaterThan(3);
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(join(folder, 'killed'))).toBe(false);
    expect(readdirSync(draft).length).toBeLessThan(count);
    await bundled('killed', few);
    await bundled('not-killed', few);
    expect(contents('killed')).toEqual(contents('not-killed'));
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('gives an earlier one its place back where a program was killed between two renames', async () => {
    await bundled('between', few);
    const before = contents('between');
    renameSync(join(folder, 'between'), join(folder, '.between.old'));
    const stop = new AbortController();
    const progress = () => stop.abort(new Error('stopped'));
    await expect(bundled('between', { progress, signal: stop.signal })).rejects.toThrow('stopped');
    expect(contents('between')).toEqual(before);
  });

  it('is not written by two at once: the second is refused, and the first goes on', async () => {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let begun = () => {};
    const waiting = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const slow: FileView = {
      ...view,
      transcript: async (...asked) => {
        begun();
        await gate;
        return await view.transcript(...asked);
      },
    };
    const first = bundled('two', { source: slow, ...few });
    await waiting;
    await expect(bundled('two', few)).rejects.toMatchObject({ code: 'bundle_running' });
    go();
    await first;
    expect(listed('two')).toHaveLength(20);
  });

  it('names no folder of the machine it was written on', async () => {
    const runs = join(folder, 'some runs');
    mkdirSync(runs);
    writeFileSync(
      join(runs, 'good.jsonl'),
      `${JSON.stringify({ id: 'a', messages: [{ role: 'assistant', content: `in ${folder}` }] })}\n{"a": \n`,
    );
    const elsewhere = { file: source, unit: 'line', number: 1 };
    const report = {
      id: 'run-0',
      place: elsewhere,
      git_hack_attempted: false,
      findings: [],
      unparsed: 0,
      unread: [],
      scanner_version: 1,
      preset: 'paper',
    };
    writeFileSync(join(folder, 'scan.jsonl'), `${JSON.stringify(report)}\n`);
    const paths = [`${runs}/`, join(folder, 'scan.jsonl')];
    const other = await openView(paths);
    await other.read;
    await bundled('named', { source: other, paths });
    const site = Site.parse(read('named', 'data/site.json'));
    await other.close();
    expect(site.collections.map(({ title }) => title)).toEqual(['some runs/', 'scan.jsonl']);
    expect(site.limits).toEqual([expect.stringMatching(/^not read: some runs\/good\.jsonl:2: /)]);
    const facts = (run: string) =>
      TranscriptHead.parse(read('named', `data/c/${run}/head.json`)).facts.find(({ name }) => name === 'read from');
    const [own, scanned] = [site.collections[0]?.id, site.collections[1]?.id];
    expect(facts(`${own}/r/a`)?.value).toBe('some runs/good.jsonl:1');
    expect(facts(`${scanned}/r/run-0`)?.value).toBe('runs.jsonl:1');
    const places = readdirSync(join(folder, 'named'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name), 'utf8').includes(folder))
      .map(({ name }) => name);
    // What the run itself says is its own.
    expect(places).toEqual(['chunk-0.json']);
  });
});
