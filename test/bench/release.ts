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
const campaign = 'bench-release';
/** Rollouts of each task: two harnesses in two modes make four. */
const samples = 4;
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
    await ledger.recordCampaign({ campaign, plan: null });
    let bytes = 0;
    for (let number = 0; number < rows / samples; number++) bytes += await fillTask(place, `acme__parser-${number}`);
    const build = await seconds(() =>
      buildRelease({ campaign, version: 'v1', out: localReleaseFolder(join(folder, 'release')), ledger, store }),
    );
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
        note: `${rows} rows of ${Math.round(bytes / rows / 1000)} KB, compared, written and read back`,
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
async function fillTask({ ledger, store }: Workplace, instance_id: string): Promise<number> {
  const source = task({ instance_id });
  const taskRef = await putJson(store, source);
  const { repo, language } = source;
  const record = { campaign, instance_id, repo, language, license: 'MIT', task: taskRef };
  await ledger.planTasks([{ ...record, state: 'planned', gate: null, problem: null, reported: null, remarks: [] }]);
  const keys = Array.from({ length: samples }, (_, sample) => keyOf(instance_id, sample));
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

function keyOf(instance_id: string, sample: number): Trajectory['key'] {
  return { campaign, instance_id, harness: 'openhands', mode: 'think', sample };
}

/** 75 turns and some 220 KB, as the published rows have; no two lines alike across rows. */
function longTrajectory(key: Trajectory['key']): Trajectory {
  const steps = Array.from({ length: 74 }, (_, turn) => {
    const lines = Array.from(
      { length: 40 },
      (_, line) => `${key.instance_id}:${key.sample}:${turn}:${line * 7919} value = transform(items[${line}], key)`,
    );
    return {
      ...run(`sed -n '${turn},${turn + 40}p' src/part_${key.sample}.py`, lines.join('\n')),
      reasoning: `Step ${turn}: the loop ends too early. `.repeat(8),
    };
  });
  return trajectory([...steps, finish], { key, id: trajectoryId(key) });
}

async function writeLines(path: string, ledger: Workplace['ledger'], store: Workplace['store']): Promise<void> {
  const file = await open(path, 'w');
  try {
    for await (const { trajectory: ref } of ledger.entries(campaign)) {
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
