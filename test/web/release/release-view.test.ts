import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRelease } from '../../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../../activities/dataset/local-release-folder.ts';
import { openRelease } from '../../../activities/dataset/open-release.ts';
import type { RowQuery } from '../../../schemas/view-row.ts';
import { openAnyView } from '../../../web/server/open-any-view.ts';
import { fillCampaign, type Workplace, workplace } from '../../dataset/campaign.ts';

const everything: RowQuery = { where: {}, text: '', sort: '', descending: false, after: null, limit: 1000 };
let place: Workplace;

beforeAll(async () => {
  place = workplace();
  await fillCampaign(place, 6);
});
afterAll(() => place.close());

const built = new Map<string, Promise<string>>();

/** A release in this form, made once. */
async function releaseOf(form: 'trajectory' | 'messages'): Promise<string> {
  const known = built.get(form) ?? build(form);
  built.set(form, known);
  return await known;
}

async function build(form: 'trajectory' | 'messages') {
  const out = localReleaseFolder(join(place.folder, form));
  await buildRelease({
    campaign: 'demo',
    version: 'v1',
    query: { campaigns: ['demo'] },
    form,
    out,
    ledger: place.ledger,
    store: place.store,
  });
  return out.location;
}

async function opened(path: string) {
  const view = await openAnyView([path]);
  await view.read;
  return view;
}

describe('a release as pages read it', () => {
  it.each(['trajectory', 'messages'] as const)('lists each row of a release in the form %s, and shows its own messages', async (form) => {
    const path = await releaseOf(form);
    const view = await opened(path);
    const release = await openRelease(localReleaseFolder(path));
    let rows = 0;
    for await (const row of release.rows()) {
      rows += 1;
      const transcript = await view.transcript('released', row.trajectory_id);
      const head = await transcript?.head();
      expect(head?.patch).toEqual(row.metadata.model_patch.patch === '' ? null : { text: row.metadata.model_patch.patch });
      expect(head?.decisions.length).toBeGreaterThan(0);
      expect(head?.fate).toBe('kept');
      const chunk = await transcript?.chunk(0);
      const texts = chunk?.turns.flatMap(({ parts }) => parts.map(({ body }) => ('text' in body ? body.text : body.head))) ?? [];
      for (const { content } of row.trajectory.filter(({ role }) => role === 'user' || role === 'tool')) expect(texts).toContain(content);
    }
    const page = await view.rows('released', everything);
    expect(page).toMatchObject({ total: rows, matched: rows });
    expect(view.state()).toMatchObject({ unread: [], done: true });
    await view.close();
  });

  it('shows the rows of its ledger that it leaves out, with the rule and without messages', async () => {
    const view = await opened(await releaseOf('trajectory'));
    const page = await view.rows('left-out', everything);
    const site = await view.site();
    expect(site.collections.map(({ id, rows }) => [id, rows])).toEqual([
      ['released', (await view.rows('released', everything))?.total],
      ['left-out', page?.total],
    ]);
    expect(page?.rows.length).toBeGreaterThan(0);
    for (const { id, rule } of page?.rows ?? []) {
      const head = await (await view.transcript('left-out', id))?.head();
      expect(rule).not.toBe('');
      expect(head?.fate).toContain(`by ${rule}`);
      expect(head?.unread[0]).toContain('leaves this row out');
      expect(await view.transcript('released', id)).toBeUndefined();
    }
    await view.close();
  });

  it('says which lines and shards cannot be read, and shows the rest', async () => {
    const damaged = join(place.folder, 'damaged');
    await cp(await releaseOf('trajectory'), damaged, { recursive: true });
    const lines = (await readFile(join(damaged, 'ledger.jsonl'), 'utf8')).split('\n');
    await writeFile(join(damaged, 'ledger.jsonl'), ['{"id": 1', ...lines.slice(1)].join('\n'));
    const view = await opened(damaged);
    expect(view.state().unread.join('\n')).toContain('ledger.jsonl:1: ');
    expect((await view.site()).limits.join('\n')).toContain('not read: ledger.jsonl:1');
    await view.close();
  });

  it.each(['__proto__', 'constructor', '', '../released', '%00', 'released/..'])('gives nothing for the id %j', async (id) => {
    const view = await opened(await releaseOf('trajectory'));
    expect(await view.rows(id, everything)).toBeUndefined();
    expect(await view.transcript('released', id)).toBeUndefined();
    await view.close();
  });
});
