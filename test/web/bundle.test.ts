import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RowPage } from '../../schemas/view-row.ts';
import { Site } from '../../schemas/site.ts';
import { TranscriptHead, TurnChunk, TurnIndex } from '../../schemas/transcript.ts';
import { writeBundle } from '../../web/server/bundle/write-bundle.ts';
import { openView } from '../../web/server/files/open-view.ts';

const folder = mkdtempSync(join(tmpdir(), 'bundle-'));
const pages = join(folder, 'pages');
const many = { rows: 100_000, bytes: 1e9 };
const count = 1203;

beforeAll(() => {
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
  writeFileSync(join(folder, 'runs.jsonl'), `${lines.join('\n')}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bundled(name: string, more: Partial<Parameters<typeof writeBundle>[0]> = {}) {
  const view = await openView([join(folder, 'runs.jsonl')]);
  try {
    await view.read;
    return await writeBundle({ source: view, pages, out: join(folder, name), limits: many, ...more });
  } finally {
    await view.close();
  }
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
    await bundled('again', { limits: { ...many, rows: 20 } });
    const first = contents('again');
    await bundled('again', { limits: { ...many, rows: 20 } });
    expect(contents('again')).toEqual(first);
  });

  it.each([
    ['rows', { rows: 5, bytes: 1e9 }, 5, /the first 5 of 1203 rows, by id: at most 5 rows/],
    ['bytes', { rows: 100_000, bytes: 2000 }, 2, /of 1203 rows, by id: at most 2000 bytes/],
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
});
