import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createHash } from 'node:crypto';
import { zstdCompressSync } from 'node:zlib';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { verifyRelease } from '../../activities/dataset/verify/verify-release.ts';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { putJson } from '../../activities/artifacts/store.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { trajectoryId } from '../../schemas/trajectory-id.ts';

/** What {@link benchReleaseMemory} runs as processes of their own: `node small-rows.ts fill|build|verify FOLDER ROWS`. */
const campaign = 'bench-small';
const [, , work = '', folder = '', rows = '0'] = process.argv;
const place = { ledger: openLocalLedger(join(folder, 'ledger.sqlite')), store: localStore(join(folder, 'store')) };
const release = localReleaseFolder(join(folder, 'release'));
if (work === 'fill') await fill(place, Number(rows));
else if (work === 'build') await buildRelease({ campaign, version: 'v1', out: release, ...place });
else if (work === 'verify') {
  const { damages } = await verifyRelease(release);
  if (damages > 0) throw new Error(`${damages} things are wrong with the release`);
}
await place.ledger.close();
// With all threads that the process ever had.
process.stdout.write(`${Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024}\n`);

/** Four rows a task, each with a trajectory of its own of a few hundred bytes. */
async function fill({ ledger, store }: typeof place, count: number): Promise<void> {
  const { decideRow } = await import('../../activities/filtering/ledger-entry.ts');
  const { presetOf } = await import('../../activities/filtering/presets.ts');
  const { finish, run, scan, task, trajectory, verdict } = await import('../filtering/rows.ts');
  await ledger.recordCampaign({ campaign, plan: null });
  const source = task({ instance_id: 'acme__parser-0' });
  const refs = { task: await putJson(store, source), verdict: await putJson(store, verdict()) };
  const base = trajectory([run('ls'), finish]);
  const trajectoryRef = await putJson(store, base);
  const judged = {
    trajectory: base,
    task: source,
    verdict: verdict(),
    scan: scan({ id: base.id }),
    refs: { ...refs, trajectory: trajectoryRef },
  };
  const entry = decideRow(judged, presetOf('open-swe-traces'), () => ({ tokens: 1, trained_tokens: 0 }));
  const { repo, language } = source;
  for (let from = 0; from < count; from += 500) {
    const keys = Array.from({ length: Math.min(500, count - from) }, (_, at) => {
      return { ...entry.key, campaign, instance_id: `acme__parser-${Math.floor((from + at) / 4)}`, sample: (from + at) % 4 };
    });
    const record = { campaign, repo, language, license: 'MIT', gate: null, problem: null, reported: null, remarks: [] };
    const tasks = new Map(keys.map(({ instance_id }) => [instance_id, putSoon(store, { ...source, instance_id })]));
    await ledger.planTasks([...tasks].map(([instance_id, task]) => ({ ...record, instance_id, task, state: 'planned' as const })));
    await ledger.planRollouts(keys.map((key) => ({ key, teacher: 'scripted' })));
    await ledger.recordEntries(
      keys.map((key) => ({
        ...entry,
        key,
        task: tasks.get(key.instance_id) ?? refs.task,
        id: trajectoryId(key),
        trajectory: putSoon(store, { ...base, key, id: trajectoryId(key) }),
      })),
    );
  }
}

/** As the store would write it, without waiting for the disk: nobody needs it after a power cut. */
function putSoon(store: typeof place.store, value: object) {
  const bytes = Buffer.from(JSON.stringify(value));
  const ref = { sha256: createHash('sha256').update(bytes).digest('hex'), size_bytes: bytes.length, content_type: 'application/json' };
  const path = store.location(ref);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, zstdCompressSync(bytes));
  return ref;
}
