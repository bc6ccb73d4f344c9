import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { putJson } from '../../activities/artifacts/store.ts';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { verifyRelease } from '../../activities/dataset/verify/verify-release.ts';
import { readRows } from '../../activities/tables/rows.ts';
import { decideRow } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import { trajectoryId } from '../../schemas/trajectory-id.ts';
import type { Trajectory } from '../../schemas/trajectory.ts';
import { workplace, type Workplace } from '../dataset/campaign.ts';
import { finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import type { Figure } from './figure.ts';

const teacher = 'scripted';
const campaigns = {
  /** Two harnesses in two modes: four cells of one rollout, none of which is compared with another. */
  cells: 'bench-cells',
  /** Four rollouts of one cell, which are all compared. */
  samples: 'bench-samples',
} as const;
type Campaign = (typeof campaigns)[keyof typeof campaigns];
const rolloutsATask = 4;
const newline = Buffer.from('\n');

/**
 * Speed of building a release, in text of its trajectories: read from the store, turned into rows, written as Parquet and
 * read again by DuckDB. Beside it the same trajectories written as JSON lines, compressed alike and not checked.
 */
export async function benchRelease(options: { rows?: number } = {}): Promise<Figure[]> {
  const { rows = 1000 } = options;
  const place = workplace();
  try {
    const { ledger, store, folder } = place;
    let bytes = 0;
    for (const campaign of Object.values(campaigns)) {
      await ledger.recordCampaign({ campaign, plan: null });
      bytes = 0;
      for (let number = 0; number < rows / rolloutsATask; number++) bytes += await fillTask(place, campaign, `acme__parser-${number}`);
    }
    const builds = (campaign: Campaign) =>
      seconds(async () => {
        const release = await buildRelease({ campaign, version: 'v1', out: localReleaseFolder(join(folder, 'release')), ledger, store });
        if (release.rows !== rows) throw new Error(`${campaign} released ${release.rows} of ${rows} rows`);
      });
    const compared = await builds(campaigns.samples);
    const build = await builds(campaigns.cells);
    const verify = await seconds(async () => {
      const { damages } = await verifyRelease(localReleaseFolder(join(folder, 'release')));
      if (damages > 0) throw new Error(`${damages} things are wrong with the release`);
    });
    const lines = await seconds(() => writeLines(join(folder, 'rows.jsonl.zst'), ledger, store));
    const read = await seconds(() => readLines(join(folder, 'rows.jsonl.zst')));
    const megabytes = bytes / 1e6;
    return [
      {
        name: 'release-build',
        unit: 'MB/s',
        ours: megabytes / build,
        peer: { name: 'JSON lines, zstd', value: megabytes / lines },
        note: `${rows} rows of ${Math.round(bytes / rows / 1000)} KB, one a cell, written and read back; zstd level 3 on both sides`,
        target: { at: 'least', value: 80 },
      },
      {
        name: 'release-build, samples',
        unit: 'MB/s',
        ours: megabytes / compared,
        peer: { name: 'JSON lines, zstd', value: megabytes / lines },
        note: 'four rows a cell, compared with each other too',
      },
      {
        name: 'release-verify',
        unit: 'MB/s',
        ours: megabytes / verify,
        peer: { name: 'JSON lines, unpacked and parsed', value: megabytes / read },
        note: 'every row, hash and number',
      },
    ];
  } finally {
    await place.close();
  }
}

/** Records one task with its rollouts as a campaign leaves them. Gives the bytes of text in their messages. */
async function fillTask({ ledger, store }: Workplace, campaign: Campaign, instance_id: string): Promise<number> {
  const source = task({ instance_id });
  const taskRef = await putJson(store, source);
  const { repo, language } = source;
  const record = { campaign, instance_id, repo, language, license: 'MIT', task: taskRef };
  await ledger.planTasks([{ ...record, state: 'planned', gate: null, problem: null, reported: null, remarks: [] }]);
  const keys = Array.from({ length: rolloutsATask }, (_, rollout) => keyOf(campaign, instance_id, rollout));
  await ledger.planRollouts(keys.map((key) => ({ key, teacher })));
  let bytes = 0;
  for (const key of keys) {
    const row = longTrajectory(key);
    bytes += Buffer.byteLength(JSON.stringify(row.messages));
    const refs = { task: taskRef, trajectory: await putJson(store, row), verdict: await putJson(store, verdict()) };
    const judged = { trajectory: row, task: source, verdict: verdict(), scan: scan({ id: row.id }), refs };
    await ledger.recordEntries([decideRow(judged, presetOf('open-swe-traces'), () => ({ tokens: 1, trained_tokens: 0 }))]);
  }
  return bytes;
}

function keyOf(campaign: Campaign, instance_id: string, rollout: number): Trajectory['key'] {
  if (campaign === campaigns.samples) return { campaign, instance_id, harness: 'openhands', mode: 'think', sample: rollout };
  const harness = rollout < 2 ? 'openhands' : 'sweagent';
  return { campaign, instance_id, harness, mode: rollout % 2 === 0 ? 'think' : 'no_think', sample: 0 };
}

/** 75 turns and some 220 KB, as the published rows have; no two lines alike across rows. */
function longTrajectory(key: Trajectory['key']): Trajectory {
  const steps = Array.from({ length: 74 }, (_, turn) => {
    const lines = Array.from(
      { length: 40 },
      (_, line) =>
        `${key.instance_id}:${key.harness}:${key.mode}:${key.sample}:${turn}:${line * 7919} value = transform(items[${line}], key)`,
    );
    const step = run(`sed -n '${turn},${turn + 40}p' src/part_${key.sample}.py`, lines.join('\n'));
    return key.mode === 'think' ? { ...step, reasoning: `Step ${turn}: the loop ends too early. `.repeat(8) } : step;
  });
  const last = key.harness === 'openhands' ? finish : { name: 'submit', arguments: '{}', observation: 'Handed in.' };
  const tools = [
    ...trajectory().tools,
    { type: 'function' as const, function: { name: 'submit', description: 'Hands in.', parameters: {} } },
  ];
  return trajectory([...steps, last], { key, id: trajectoryId(key), tools });
}

async function writeLines(path: string, ledger: Workplace['ledger'], store: Workplace['store']): Promise<void> {
  const file = await open(path, 'w');
  try {
    for await (const { trajectory: ref } of ledger.entries(campaigns.cells)) {
      if (ref !== null) await file.write(zstdCompressSync(Buffer.concat([await store.get(ref), newline])));
    }
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Each row is a frame of its own. */
async function readLines(path: string): Promise<void> {
  for await (const { value } of readRows(path)) if (!value.ok) throw new Error(value.problem);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
