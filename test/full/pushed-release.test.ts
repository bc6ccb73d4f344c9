import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { openRelease } from '../../activities/dataset/open-release.ts';
import { pushRelease } from '../../activities/dataset/push/push-release.ts';
import { fillCampaign, type Workplace, workplace } from '../dataset/campaign.ts';
import { pythonWithReaders } from '../dataset/python.ts';

let place: Workplace;
let cache: string;
beforeAll(() => {
  place = workplace();
  cache = mkdtempSync(join(tmpdir(), 'tracemill-pushed-'));
});
afterAll(async () => {
  await place.close();
  rmSync(cache, { recursive: true, force: true });
});

const reader = `
import json, sys
from datasets import load_dataset
found = {}
for streaming in (False, True):
    sets = load_dataset(sys.argv[1], cache_dir=sys.argv[2], streaming=streaming)
    found['streaming' if streaming else 'whole'] = {split: list(rows) for split, rows in sets.items()}
print(json.dumps(found))`;

it('a folder that was pushed is loaded by its name alone, split by split, whole and streaming', async () => {
  await fillCampaign(place, 6);
  const built = localReleaseFolder(join(place.folder, 'release'));
  await buildRelease({ campaign: 'demo', version: 'v1', out: built, ledger: place.ledger, store: place.store, rowsPerShard: 4 });
  const out = join(place.folder, 'pushed');
  await pushRelease(built, out);
  const expected: Record<string, unknown[]> = {};
  const release = await openRelease(built);
  for (const split of ['openhands', 'sweagent']) {
    expected[split] = [];
    for await (const row of release.rows(split)) expected[split].push(row);
  }
  const found = z
    .record(z.string(), z.record(z.string(), z.array(z.unknown())))
    .parse(JSON.parse(await pythonWithReaders(reader, out, cache)));
  expect(found['whole']).toEqual(expected);
  expect(found['streaming']).toEqual(expected);
}, 600_000);
