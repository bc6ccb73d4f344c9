import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { putJson } from '../../activities/artifacts/store.ts';
import { decideRow } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import { finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { type Workplace, workplace } from '../dataset/campaign.ts';
import { compareReleases } from './compare-releases.ts';
import { maskVolatile } from './volatile-text.ts';
import { countTokens } from '../filtering/count-tokens.ts';

const places: Workplace[] = [];
beforeEach(() => {
  places.length = 0;
});
afterEach(async () => {
  for (const place of places) await place.close();
});

/** A release of one row. */
async function release(row: Trajectory, resolved: 0 | 1 = 1): Promise<string> {
  const place = workplace();
  places.push(place);
  const { ledger, store } = place;
  const found = verdict({ resolved });
  const refs = { task: await putJson(store, task()), trajectory: await putJson(store, row), verdict: await putJson(store, found) };
  await ledger.planRollouts([{ key: row.key, teacher: 'scripted' }]);
  await ledger.recordEntries([
    decideRow({ trajectory: row, task: task(), verdict: found, scan: scan(), refs }, presetOf('open-swe-traces'), countTokens),
  ]);
  const out = join(place.folder, 'release');
  await buildRelease({ campaign: 'demo', version: 'v1', out: localReleaseFolder(out), ledger, store });
  return out;
}

const tested = (observation: string) => trajectory([run('pytest', observation), finish]);

describe('comparing releases', () => {
  it('finds releases equal that differ by durations in observations only', async () => {
    const differences = await compareReleases(await release(tested('3 passed in 0.12s')), await release(tested('3 passed in 11.30s')));
    expect(differences).toEqual([]);
  });

  it('finds every other difference and names its place', async () => {
    const plain = await release(tested('3 passed in 0.12s'));
    const say = (content: string) => trajectory([{ ...run('pytest', '3 passed in 0.12s'), content }, finish]);
    const others: [string, string][] = [
      [await release(tested('2 passed in 0.12s')), '.trajectory.3.content: '],
      [await release(say('It took 0.12s')), '.trajectory.2.content: '],
      [
        await release(
          trajectory([run('pytest', '3 passed in 0.12s'), finish], { model_patch: trajectory().model_patch.replace('strip', 'trim') }),
        ),
        '.model_patch.patch: ',
      ],
      [await release(tested('3 passed in 0.12s'), 0), '.resolved: 1 ≠ 0'],
    ];
    for (const [other, place] of others) expect((await compareReleases(plain, other)).join('\n')).toContain(place);
  });

  it('finds a row that is missing, and a ledger that says something else', async () => {
    const [one, two] = [
      await release(tested('ok')),
      await release(trajectory([run('pytest', 'ok'), finish], { key: { ...trajectory().key, sample: 1 } })),
    ];
    expect((await compareReleases(one, two)).join('\n')).toMatch(
      /row [0-9a-f-]+: only in the first release[\s\S]*only in the second release/,
    );
    const path = join(two, 'ledger.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('"reason":"MIT"', '"reason":"BSD"'));
    expect((await compareReleases(two, one)).length).toBeGreaterThan(0);
  });
});

describe('masking', () => {
  it.each([
    ['===== 3 passed in 0.12s =====', '===== 3 passed in 61.03s (0:01:01) ====='],
    ['Ran 3 tests in 0.001s', 'Ran 3 tests in 1.5s'],
    ['--- PASS: TestParse (0.00s)\nok  \tacme/parser\t0.003s', '--- PASS: TestParse (1.20s)\nok  \tacme/parser\t12.013s'],
    ['# duration_ms 12.5', '# duration_ms 9'],
    ['✔ strips blanks (1.234ms)', '✔ strips blanks (11ms)'],
    ['Total Test time (real) =   0.02 sec', 'Total Test time (real) =   1.10 sec'],
    ['-rw-r--r-- 1 root root 12 Nov 25 08:45 a', '-rw-r--r-- 1 root root 12 Nov 26 18:05 a'],
    ['[1] 4321', '[1] 99'],
    ['<object at 0x7f1234567890>', '<object at 0x7fabcdef0000>'],
  ])('takes %j and %j for equal', (one, other) => {
    expect(maskVolatile(one)).toBe(maskVolatile(other));
  });

  it.each([
    ['3 passed in 0.12s', '4 passed in 0.12s'],
    ['Ran 3 tests in 0.1s', 'Ran 4 tests in 0.1s'],
    ['--- PASS: TestParse (0.00s)', '--- FAIL: TestParse (0.00s)'],
    ['exit code 1', 'exit code 2'],
    ['-rw-r--r-- 1 root root 12 Nov 25 08:45 a', '-rw-r--r-- 1 root root 13 Nov 25 08:45 a'],
    ['commit 1234567', 'commit 7654321'],
  ])('still distinguishes %j from %j', (one, other) => {
    expect(maskVolatile(one)).not.toBe(maskVolatile(other));
  });
});
