import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { type DerivedRelease, deriveRelease } from '../../activities/dataset/derive/derive-release.ts';
import { sampledRows } from '../../activities/dataset/derive/sampled-rows.ts';
import { licenceRefusal } from '../../activities/dataset/selection/licence-gate.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { openRelease } from '../../activities/dataset/open-release.ts';
import { isClean } from '../../activities/dataset/figures/redaction-tally.ts';
import { verifyRelease } from '../../activities/dataset/verify/verify-release.ts';
import { putJson } from '../../activities/artifacts/store.ts';
import { decideRow } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import { PrivateKind } from '../../schemas/private-text.ts';
import type { ReleaseQuery } from '../../schemas/release-query.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import { countTokens } from '../filtering/count-tokens.ts';
import { FIX, finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { made } from '../secrets/made-secrets.ts';
import { type Workplace, workplace } from './campaign.ts';

const key = made('ghp_', 36);
const address = 'jane.roe@posteo.de';
const finding = {
  category: 'OTHER',
  rule: 'r',
  severity: 'note',
  turn: 0,
  call: 0,
  command: `echo ${key}`,
  evidence: address,
  succeeded: true,
} as const;

let place: Workplace;
beforeAll(async () => {
  place = workplace();
  await place.ledger.recordCampaign({ campaign: 'demo', plan: null });
  await record('secret', 'MIT', {
    messages: trajectory([run(`curl -H "X: ${key}"\n`, `{"log": "a\\n${key}", "by": "${address}"}`), run('cat /home/jroe/x', 'ok'), finish])
      .messages,
    model_patch: `${FIX.replace('+    return', `+    # ${address}\n+    return`).replace('1,2 @@', '1,3 @@')}`,
  });
  await record('clean', 'Apache-2.0', {});
  await record('unstated', null, {});
  await record('own', 'Their Own Licence', {});
  redacted = await build('redacted', PrivateKind.options);
}, 30_000);
afterAll(() => place.close());

async function record(instance_id: string, license: string | null, change: Partial<Trajectory>): Promise<void> {
  const { ledger, store } = place;
  const row = trajectory(undefined, { ...change, key: { ...trajectory().key, instance_id } });
  const [source, found] = [task({ instance_id, license }), verdict()];
  const refs = { task: await putJson(store, source), trajectory: await putJson(store, row), verdict: await putJson(store, found) };
  const { repo, language } = source;
  const nothing = { gate: null, problem: null, reported: null, remarks: [] };
  await ledger.planTasks([
    { campaign: 'demo', instance_id, repo, language, license: license ?? '', task: refs.task, state: 'done', ...nothing },
  ]);
  await ledger.planRollouts([{ key: row.key, teacher: 'scripted' }]);
  const report = scan({ id: row.id, findings: instance_id === 'secret' ? [finding] : [] });
  await ledger.recordEntries([
    decideRow({ trajectory: row, task: source, verdict: found, scan: report, refs }, presetOf('open-swe-traces'), countTokens),
  ]);
}

type Built = Awaited<ReturnType<typeof build>>;
let redacted: Built;

async function build(name: string, redact: readonly PrivateKind[], licences?: ReleaseQuery['licences']) {
  const out = localReleaseFolder(join(place.folder, name));
  const query = { campaigns: ['demo'], ...(licences !== undefined && { licences }) };
  const manifest = await buildRelease({ campaign: 'demo', version: 'v1', query, redact, out, ledger: place.ledger, store: place.store });
  const release = await openRelease(out);
  const rows = [];
  for await (const row of release.rows()) rows.push(row);
  const text = (path: string) => readFileSync(join(out.location, path), 'utf8');
  return { manifest, rows, text, out };
}

describe('a release that replaces what should not be published', () => {
  it('holds none of it, in rows, ledger and card, and counts what it replaced', () => {
    const { manifest, rows, text } = redacted;
    const said = JSON.stringify(rows) + text('ledger.jsonl') + text('README.md') + text('manifest.json');
    for (const thing of [key, address, 'jroe']) expect(said).not.toContain(thing);
    expect(manifest.redaction).toEqual({
      version: 1,
      kinds: ['secrets', 'high_entropy', 'emails', 'home_folders'],
      rows: 1,
      places: { secrets: 2, emails: 2, home_folders: 1 },
      patches: 1,
      ledger_entries: 1,
    });
    expect(text('README.md')).toContain('| secrets | 2 |');
  });

  it('keeps calls valid, patches of the same lines, and the same word for the same thing', () => {
    const { rows } = redacted;
    const row = rows.find(({ instance_id }) => instance_id === 'secret');
    const [first] = row?.trajectory.flatMap(({ tool_calls }) => tool_calls ?? []) ?? [];
    expect(JSON.parse(first?.function.arguments ?? '')).toEqual({ command: 'curl -H "X: REDACTED_github_1"\n' });
    expect(row?.trajectory.map(({ content }) => content)).toContain('{"log": "a\\nREDACTED_github_1", "by": "redacted-1@example.com"}');
    expect(row?.metadata.model_patch.patch).toContain('+    # redacted-1@example.com\n');
    expect(row?.metadata.model_patch).toMatchObject({ num_modified_files: 1 });
  });

  it('is the same when it is built again, and leaves alone what it is not asked for', async () => {
    const [once, again] = [await build('once', ['emails']), await build('again', ['emails'])];
    expect(once.manifest).toEqual(again.manifest);
    expect(once.manifest.redaction).toMatchObject({ places: { emails: 2 }, patches: 1 });
    expect(JSON.stringify(once.rows)).toContain(key);
    const { manifest } = await build('plain', []);
    expect(manifest.redaction).toBeUndefined();
  });

  it('is whole by its own ledger, and a picture with another number is told', async () => {
    const { out } = redacted;
    expect(await verifyRelease(out)).toMatchObject({ damages: 0, damage: [] });
    const picture = join(out.location, 'pictures/licences.svg');
    writeFileSync(picture, readFileSync(picture, 'utf8').replace('MIT: 1 row', 'MIT: 2 rows'));
    const { damage } = await verifyRelease(out);
    expect(damage.map(({ code, file }) => [code, file])).toContainEqual(['wrong_card', 'pictures/licences.svg']);
  });

  it('trusts only decisions of the rules as they are now', () => {
    const decision = {
      rule: 'secrets',
      version: 1,
      decision: 'keep' as const,
      parameters: { kinds: ['secrets'] },
      reason: '',
      evidence: [],
    };
    expect(isClean({ decisions: [decision] }, ['secrets'])).toBe(true);
    expect(isClean({ decisions: [decision] }, ['secrets', 'emails'])).toBe(false);
    expect(isClean({ decisions: [{ ...decision, decision: 'note' }] }, ['secrets'])).toBe(false);
    expect(isClean({ decisions: [{ ...decision, version: 99 }] }, ['secrets'])).toBe(false);
    expect(isClean({ decisions: [] }, ['secrets'])).toBe(false);
  });
});

describe('a release that is made of others', () => {
  const derive = async (name: string, sources: string[], options: Partial<DerivedRelease> = {}) => {
    const folders = sources.map((source) => localReleaseFolder(join(place.folder, source)));
    const out = localReleaseFolder(join(place.folder, name));
    const { manifest } = await deriveRelease(folders, { name: 'made', version: 'v1', out, ...options });
    const said = ['ledger.jsonl', 'README.md', 'manifest.json'].map((path) => readFileSync(join(out.location, path), 'utf8')).join('');
    const rows = [];
    for await (const row of (await openRelease(out)).rows()) rows.push(row);
    expect(await verifyRelease(out)).toMatchObject({ damages: 0, damage: [] });
    return { manifest, rows, said };
  };

  beforeAll(async () => {
    await build('bare', []);
    await build('two', ['emails', 'secrets']);
    await build('all', [], 'any');
  }, 60_000);

  it('replaces what the release it is made of shows, exactly as a build does', async () => {
    const { manifest, rows, said } = await derive('derived', ['bare'], { redact: PrivateKind.options });
    for (const thing of [key, address, 'jroe']) expect(JSON.stringify(rows) + said).not.toContain(thing);
    const { redaction, content_sha256 } = redacted.manifest;
    expect([rows, manifest.redaction, manifest.content_sha256]).toEqual([redacted.rows, redaction, content_sha256]);
  });

  it('can be made of one with replacements, and says which', async () => {
    const { manifest, said } = await derive('of-two', ['two'], { sample: { rows: 5, seed: '1', by: 'repo' } });
    expect([manifest.redaction, manifest.redacted_before]).toEqual([undefined, ['secrets', 'emails']]);
    expect(said).toContain('made of others, in which secrets, emails were replaced already');
    const again = await derive('of-of-two', ['of-two'], { redact: ['home_folders'] });
    expect(again.manifest).toMatchObject({ redacted_before: ['secrets', 'emails'], redaction: { places: { home_folders: 1 } } });
  });

  it('is refused of two that show the same row with other replacements', async () => {
    await expect(derive('x', ['bare', 'two'])).rejects.toMatchObject({
      code: 'release_conflict',
      hint: expect.stringContaining('--redact'),
    });
  });

  it('has the licence gate of those that it is made of, where that is the same, and leaves out what has none where it is not', async () => {
    const all = await derive('made-of-all', ['all']);
    expect(all.manifest).toMatchObject({ rows: 4, query: { licences: 'any' }, refused_licences: [] });
    const both = await derive('made-of-both', ['all', 'bare']);
    expect(both.manifest).toMatchObject({ rows: 2, not_selected: 2, refused_licences: [{ rows: 1 }, { rows: 1 }] });
    expect(both.said).toContain('| no licence stated | 1 |');
    const named = await derive('named', ['all'], { licences: ['MIT'], sample: { rows: 3, seed: '1', by: 'cell' } });
    expect(named.rows.map(({ license }) => license)).toEqual(['MIT']);
    expect(named.manifest.refused_licences.reduce((sum, { rows }) => sum + rows, 0)).toBe(3);
  });

  it('is chosen from rows that may enter alone, as JSON lines too', async () => {
    const sample = { rows: 10, seed: '1', by: 'cell' as const };
    const chosen = await sampledRows(localReleaseFolder(join(place.folder, 'all')), sample, 'known');
    const licences = [];
    for await (const { license } of chosen.rows) licences.push(license);
    expect(licences.sort()).toEqual(['Apache-2.0', 'MIT']);
    expect(chosen).toMatchObject({
      chosen: 2,
      found: { secrets: 1, personal_data: 1 },
      unlicensed: 0,
      refused: [{ licence: 'no licence stated', rows: 1 }, { rows: 1 }],
    });
  });
});

describe('the licence gate of a release', () => {
  it('leaves out rows of which nobody states a known licence, and counts them by what is wrong', async () => {
    const { manifest, rows, text } = await build('gated', []);
    expect(rows.map(({ license }) => license).sort()).toEqual(['Apache-2.0', 'MIT']);
    expect(manifest).toMatchObject({
      rows: 2,
      not_selected: 2,
      refused_licences: [
        { licence: 'no licence stated', rows: 1 },
        { licence: 'unknown licence Their Own Licence', rows: 1 },
      ],
    });
    expect(text('README.md')).toContain('| no licence stated | 1 |');
    expect(text('README.md')).toContain('| of these, not in the release | 2 |');
  });

  it('lets in any where it is told to, and says so', async () => {
    const { manifest, text } = await build('any', [], 'any');
    expect(manifest).toMatchObject({ rows: 4, refused_licences: [] });
    expect(text('README.md')).toContain('Rows of any licence may enter this release');
    expect(text('README.md')).toContain('| not stated | 1 | 1 |');
  });

  it('lets in those that are named, in any spelling', async () => {
    const { rows } = await build('named', [], ['apache license 2.0']);
    expect(rows.map(({ license }) => license)).toEqual(['Apache-2.0']);
  });

  it.each([
    ['MIT', undefined],
    ['GPL-3.0 AND MIT', undefined],
    ['MIT OR Their-Own', undefined],
    ['MIT AND Their-Own', 'unknown licence MIT AND Their-Own'],
    ['BSD', 'unknown licence BSD'],
    ['NOASSERTION', 'no licence stated'],
    ['', 'no licence stated'],
    ['((', 'unknown licence (('],
  ])('says of %j: %s', (licence, refusal) => expect(licenceRefusal({}, licence)).toBe(refusal));
});
