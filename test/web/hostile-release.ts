import { join } from 'node:path';
import { putJson } from '../../activities/artifacts/store.ts';
import { buildRelease } from '../../activities/dataset/build-release.ts';
import { localReleaseFolder } from '../../activities/dataset/local-release-folder.ts';
import { decideRow } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import type { Mode } from '../../schemas/names.ts';
import { type Workplace, workplace } from '../dataset/campaign.ts';
import { countTokens } from '../filtering/count-tokens.ts';
import { finish, run, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { hostileText } from './hostile-files.ts';

/** A release with hostile words wherever its records let them in: one row that it has, and one that it leaves out. */
export async function buildHostileRelease(): Promise<{ path: string; close(): Promise<void> }> {
  const place = workplace();
  await place.ledger.recordCampaign({ campaign: 'demo', plan: null });
  await recordRow(place, 'think', true);
  await recordRow(place, 'no_think', false);
  const out = localReleaseFolder(join(place.folder, 'release'));
  await buildRelease({ campaign: 'demo', version: 'v1', out, ledger: place.ledger, store: place.store });
  return { path: out.location, close: place.close };
}

const instance_id = 'proto__constructor-1';

async function recordRow({ ledger, store }: Workplace, mode: Mode, kept: boolean): Promise<void> {
  const key = { campaign: 'demo', instance_id, harness: 'openhands', mode, sample: 0 };
  const source = task({ instance_id, repo: hostileText, problem_statement: hostileText, FAIL_TO_PASS: [hostileText] });
  const taskRef = await putJson(store, source);
  const license = kept ? 'MIT' : hostileText;
  const planned = {
    campaign: 'demo',
    instance_id,
    repo: hostileText,
    language: 'python',
    license,
    task: taskRef,
    state: 'planned',
  } as const;
  await ledger.planTasks([{ ...planned, gate: null, problem: null, reported: null, remarks: [] }]);
  await ledger.planRollouts([{ key, teacher: 'scripted' }]);
  const steps = [run(hostileText, hostileText), { ...finish, content: hostileText, reasoning: hostileText }];
  const teacher = { name: hostileText, model: hostileText };
  const ending = { kind: 'finished', status: 'finished', detail: hostileText } as const;
  const row = trajectory(steps, { key, repo: hostileText, teacher, ending });
  const tests = kept ? { passed: [hostileText], failed: [] } : { passed: [], failed: [hostileText] };
  const found = verdict({ resolved: kept ? 1 : 0, detail: hostileText, fail_to_pass: tests });
  const finding = { category: 'OTHER', rule: hostileText, severity: 'note', turn: 0, call: 0, succeeded: false } as const;
  const findings = [{ ...finding, command: hostileText, evidence: hostileText }];
  const report = scan({ id: row.id, findings, unread: [hostileText] });
  const refs = { task: taskRef, trajectory: await putJson(store, row), verdict: await putJson(store, found) };
  const entry = decideRow({ trajectory: row, task: source, verdict: found, scan: report, refs }, presetOf('open-swe-traces'), countTokens);
  const said = {
    rule: hostileText,
    version: 1,
    parameters: { x: hostileText },
    reason: hostileText,
    evidence: [{ text: hostileText, turn: 0 }],
  };
  const decision = kept ? ('note' as const) : ('drop' as const);
  const decisions = [...entry.decisions.map((each) => ({ ...each, decision: 'keep' as const })), { ...said, decision }];
  await ledger.recordEntries([{ ...entry, kept, license, hf_dataset_name: hostileText, decisions }]);
}
