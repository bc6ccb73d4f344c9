import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { decideAgain } from '../../activities/filtering/decide-again.ts';
import { recordNearDuplicates } from '../../activities/filtering/compare-rows.ts';
import { inBatches, withShingles } from '../../activities/filtering/read-shingles.ts';
import { trajectoryShingles } from '../../activities/filtering/trajectory-shingles.ts';
import type { ArtifactStore } from '../../activities/artifacts/store.ts';
import { all } from '../all.ts';
import { scan } from './rows.ts';
import { fillCampaign, idOf, type Workplace, workplace } from '../dataset/campaign.ts';

let place: Workplace;
beforeEach(async () => {
  place = workplace();
  await fillCampaign(place, 3);
});
afterEach(() => place.close());

const again = (preset: 'strict' | 'open-swe-traces') => decideAgain({ campaign: 'demo', preset, ledger: place.ledger, store: place.store });
const entries = () => all(place.ledger.entries('demo'));
const kept = async () => (await entries()).filter((entry) => entry.kept).map(({ id }) => id);

describe('deciding again', () => {
  it('says whose fate changed by which rule, and the next release follows the ledger', async () => {
    const before = await kept();
    const { decided, changes } = await again('strict');
    expect(decided).toBe(11);
    expect(changes.length).toBeGreaterThan(0);
    for (const { before: was, after: is } of changes) expect([was.kept, is]).toEqual([true, { kept: false, by: 'near_duplicate' }]);
    expect(await kept()).toEqual(before.filter((id) => !changes.some((change) => change.id === id)));
    const { ledger, store, folder } = place;
    const manifest = await buildRelease({
      campaign: 'demo',
      version: 'strict',
      out: localReleaseFolder(join(folder, 'strict')),
      ledger,
      store,
    });
    expect(manifest.rows).toBe((await kept()).length);
    expect(new Set(manifest.filters.filter(({ rule }) => rule === 'length').map(({ preset }) => preset))).toEqual(new Set(['strict']));
  });

  it('keeps earlier revisions as history, and going back restores every fate', async () => {
    await recordNearDuplicates('demo', place.ledger, place.store);
    const before = await entries();
    await again('strict');
    await again('open-swe-traces');
    expect(await entries()).toEqual(before);
    const reasons = (await place.ledger.revisions(idOf(2, 'sweagent', 'think'))).map(({ reason }) => reason);
    expect(reasons).toEqual([
      'campaign',
      'comparison with the rows of its task',
      'decided again by preset strict',
      'decided again by preset open-swe-traces',
    ]);
  });

  it('decides by the whole verdict, and names one that is gone', async () => {
    const entry = await place.ledger.entry(idOf(2, 'sweagent', 'think'));
    if (entry?.verdict === null || entry?.verdict === undefined) throw new Error('the row has no verdict');
    rmSync(place.store.location(entry.verdict.ref));
    await expect(again('strict')).rejects.toMatchObject({
      code: 'artifact_missing',
      message: expect.stringContaining(entry.verdict.ref.sha256),
    });
  });

  it('leaves a rollout without trajectory as it is', async () => {
    await again('strict');
    expect(await place.ledger.revisions(idOf(0, 'openhands', 'think'))).toHaveLength(1);
  });

  it('can scan again, so that a changed scanner rule counts too', async () => {
    const rescan = ({ id }: { id: string }) => scan({ id, git_hack_attempted: true });
    await decideAgain({ campaign: 'demo', preset: 'open-swe-traces', ledger: place.ledger, store: place.store, rescan });
    expect(await kept()).toEqual([]);
  });
});

describe('comparing the rows of a task', () => {
  it('changes nothing the second time', async () => {
    expect(await recordNearDuplicates('demo', place.ledger, place.store)).toBeGreaterThan(0);
    expect(await recordNearDuplicates('demo', place.ledger, place.store)).toBe(0);
  });

  it('reads no trajectory of a row that is alone in its cell, which is compared with no other', async () => {
    const { store, reads } = counting();
    await recordNearDuplicates('demo', place.ledger, store);
    expect(reads()).toBe(0);
    const said = (await entries()).flatMap(({ decisions }) => decisions).filter(({ rule }) => rule === 'near_duplicate');
    expect(said.length).toBeGreaterThan(4);
    expect(new Set(said.map(({ decision }) => decision))).toEqual(new Set(['keep']));
  });

  it('reads no trajectory again while decisions stand, and those of a task again once a row of it is new', async () => {
    const { store, reads } = counting();
    await decideAgain({ campaign: 'demo', preset: 'strict', ledger: place.ledger, store });
    const first = reads();
    expect(first).toBeGreaterThan(4);
    expect(await recordNearDuplicates('demo', place.ledger, store)).toBe(0);
    expect(reads()).toBe(first);
    const before = await entries();
    const compared = before.find(({ decisions }) => decisions.some(({ rule }) => rule === 'near_duplicate'));
    if (compared === undefined) throw new Error('no row was compared');
    const undecided = compared.decisions.filter(({ rule }) => rule !== 'near_duplicate');
    await place.ledger.recordEntries([{ ...compared, decisions: undecided }]);
    expect(await recordNearDuplicates('demo', place.ledger, store)).toBe(1);
    expect(reads() - first).toBeGreaterThan(1);
    expect(reads() - first).toBeLessThanOrEqual(4);
    expect(await entries()).toEqual(before);
  });

  it('reads trajectories in threads as it reads them here', async () => {
    async function* source() {
      for await (const rows of place.ledger.entriesByTask('demo'))
        yield { rows, compared: rows.flatMap(({ id, trajectory: ref }) => (ref === null ? [] : [{ id, ref }])) };
    }
    const read = await all(withShingles(inBatches(source(), 1), place.store));
    expect(read).toHaveLength(3);
    for (const { tasks, shingles } of read) {
      const rows = tasks.flat().filter(({ trajectory }) => trajectory !== null);
      expect([...shingles.keys()]).toEqual(rows.map(({ id }) => id));
      for (const { id, trajectory } of rows) {
        if (trajectory === null) continue;
        expect(shingles.get(id)).toEqual(trajectoryShingles(await place.store.getPacked(trajectory), trajectory));
      }
    }
  });
});

/** The store, and how many packed artifacts were read from it. */
function counting(): { store: ArtifactStore; reads: () => number } {
  let reads = 0;
  const getPacked: ArtifactStore['getPacked'] = async (ref) => {
    reads += 1;
    return await place.store.getPacked(ref);
  };
  return { store: { ...place.store, getPacked }, reads: () => reads };
}
