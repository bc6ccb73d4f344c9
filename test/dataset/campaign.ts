import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { putJson } from '../../activities/artifacts/store.ts';
import { decideRow, lostEntry } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import type { HarnessName, Mode } from '../../schemas/names.ts';
import { trajectoryId } from '../../schemas/trajectory-id.ts';
import { finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { countTokens } from '../filtering/count-tokens.ts';

/** A store and a ledger in a folder of their own. */
export function workplace() {
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-dataset-'));
  const place = openWorkplace(folder);
  const close = async () => {
    await place.ledger.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, ...place, close };
}

/** Store and ledger as a home has them. */
export function openWorkplace(folder: string) {
  return { ledger: openLocalLedger(join(folder, 'ledger.sqlite')), store: localStore(join(folder, 'store')) };
}

export type Workplace = ReturnType<typeof workplace>;

const teacher = { name: 'scripted', model: 'Scripted-1.5' };

/**
 * Two harnesses × two modes over `tasks` tasks: kept rows, a fate that rules drop, an unresolved row, and one
 * rollout lost to infrastructure.
 */
export async function fillCampaign(
  { ledger, store }: Pick<Workplace, 'ledger' | 'store'>,
  tasks: number,
  campaign = 'demo',
): Promise<void> {
  await ledger.recordCampaign({ campaign, plan: null });
  for (let number = 0; number < tasks; number += 1) {
    const source = task({ instance_id: `acme__parser-${number}`, language: number % 2 === 0 ? 'python' : 'go' });
    const taskRef = await putJson(store, source);
    const { instance_id, repo, language } = source;
    await ledger.planTasks([
      {
        campaign,
        instance_id,
        repo,
        language,
        license: 'MIT',
        task: taskRef,
        state: 'planned',
        gate: null,
        problem: null,
        reported: null,
        remarks: [],
      },
    ]);
    const keys = cells().map(([harness, mode]) => ({ campaign, instance_id, harness, mode, sample: 0 }));
    await ledger.planRollouts(keys.map((key) => ({ key, teacher: 'scripted' })));
    for (const [cell, key] of keys.entries()) {
      if (number === 0 && cell === 0) {
        const detail = 'engine_unreachable: the engine went away';
        await ledger.recordEntries([
          lostEntry({ key, teacher, task: source, taskRef, rule: 'environment_exception', detail }, presetOf('open-swe-traces')),
        ]);
        continue;
      }
      const last = key.harness === 'openhands' ? finish : { name: 'submit', arguments: '{}', observation: 'Handed in.' };
      const row = trajectory([run('ls'), run(`sed -i s/x/${number}/ src/parse.py`, `took ${number}.5 s \ud800`), last], {
        key,
        tools: [...trajectory().tools, { type: 'function', function: { name: 'submit', description: 'Hands in.', parameters: {} } }],
        ...(number === 1 ? { model_patch: '' } : {}),
      });
      const found = verdict({ resolved: number % 3 === 0 ? 1 : 0 });
      const refs = { task: taskRef, trajectory: await putJson(store, row), verdict: await putJson(store, found) };
      await ledger.recordEntries([
        decideRow(
          {
            trajectory: row,
            task: source,
            verdict: found,
            scan: scan({ id: row.id }),
            refs,
          },
          presetOf('open-swe-traces'),
          countTokens,
        ),
      ]);
    }
  }
}

function cells(): [HarnessName, Mode][] {
  return [
    ['openhands', 'think'],
    ['openhands', 'no_think'],
    ['sweagent', 'think'],
    ['sweagent', 'no_think'],
  ];
}

export function idOf(number: number, harness: HarnessName, mode: Mode): string {
  return trajectoryId({ campaign: 'demo', instance_id: `acme__parser-${number}`, harness, mode, sample: 0 });
}
