import type { FilterPresetName } from '../../schemas/filter-preset.ts';
import type { IngestedTrajectory } from '../../schemas/ingested.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { decidingRule } from '../../schemas/ledger-entry.ts';
import { HarnessName, type RolloutKey } from '../../schemas/names.ts';
import { usualScanPreset } from '../../schemas/scan-preset.ts';
import type { Task } from '../../schemas/task.ts';
import { trajectoryId } from '../../schemas/trajectory-id.ts';
import { Trajectory, type TurnFacts } from '../../schemas/trajectory.ts';
import { Verdict } from '../../schemas/verdict.ts';
import { type ArtifactStore, putJson } from '../artifacts/store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { patchFacts } from '../patches/patch-facts.ts';
import { scanForCampaign } from '../scanning/index.ts';
import { decideRow } from './ledger-entry.ts';
import { presetOf } from './presets.ts';
import { openTokenCounter } from './token-counter.ts';

export interface IngestedRow {
  trajectory: IngestedTrajectory;
  /** The task that it worked on. */
  task: Task;
}

export interface RecordIngestedRequest {
  /** Rows come on record as those of a campaign of this name. */
  campaign: string;
  preset: FilterPresetName;
  rows: AsyncIterable<IngestedRow>;
  ledger: Ledger;
  store: ArtifactStore;
}

export interface RecordedIngested {
  rows: number;
  kept: number;
  /** Rule → rows for which it was the first to say drop. */
  dropped_by: Record<string, number>;
  /** Rows whose file does not say whether they solved their task; they are released as unknown. */
  unverified: number;
}

const rowsAtOnce = 50;

/**
 * Puts other tools' trajectories on record as rows of a campaign of their own: scanned and decided on as those of this home,
 * so that they can be judged again, released and trained on. Verdicts are those of their files, never tested here. The same
 * trajectories in the same order give the same rows.
 */
export async function recordIngested({ campaign, preset, rows, ledger, store }: RecordIngestedRequest): Promise<RecordedIngested> {
  const recorded: RecordedIngested = { rows: 0, kept: 0, dropped_by: {}, unverified: 0 };
  const samples = new Map<string, number>();
  await ledger.recordCampaign({ campaign, plan: null });
  let waiting: LedgerEntry[] = [];
  const flush = async () => {
    await ledger.planRollouts(waiting.map(({ key, teacher }) => ({ key, teacher: teacher.name })));
    await ledger.recordEntries(waiting, 'ingested');
    waiting = [];
  };
  for await (const { trajectory: ingested, task } of rows) {
    const named = keyOf(campaign, ingested, task);
    const cell = JSON.stringify(named);
    const sample = samples.get(cell) ?? 0;
    samples.set(cell, sample + 1);
    const entry = await entryOf({ ...named, sample }, ingested, task, { preset, ledger, store });
    recorded.rows += 1;
    recorded.unverified += entry.resolved === -1 ? 1 : 0;
    const rule = decidingRule(entry)?.rule;
    if (rule === undefined) recorded.kept += 1;
    else recorded.dropped_by[rule] = (recorded.dropped_by[rule] ?? 0) + 1;
    waiting.push(entry);
    if (waiting.length >= rowsAtOnce) await flush();
  }
  await flush();
  return recorded;
}

async function entryOf(
  key: RolloutKey,
  ingested: IngestedTrajectory,
  task: Task,
  { preset, ledger, store }: Pick<RecordIngestedRequest, 'preset' | 'ledger' | 'store'>,
): Promise<LedgerEntry> {
  const trajectory = trajectoryOf(key, ingested, task);
  const verdict = verdictOf(ingested, task);
  const scan = await scanForCampaign(trajectory, task, usualScanPreset);
  const [taskRef, trajectoryRef, verdictRef] = await Promise.all([
    putJson(store, task),
    putJson(store, trajectory),
    putJson(store, verdict),
  ]);
  const { instance_id, repo, language } = task;
  const planned = { campaign: key.campaign, instance_id, repo, language, license: task.license ?? '', task: taskRef };
  await ledger.planTasks([{ ...planned, state: 'done', gate: null, problem: null, reported: null, remarks: [] }]);
  const refs = { task: taskRef, trajectory: trajectoryRef, verdict: verdictRef };
  return decideRow({ trajectory, task, verdict, scan, refs }, presetOf(preset), await openTokenCounter());
}

/** Mode by what the model did: one that thinks says so at least once. */
function keyOf(campaign: string, { harness, messages }: IngestedTrajectory, { instance_id }: Task): Omit<RolloutKey, 'sample'> {
  const thinks = messages.some((message) => message.role === 'assistant' && (message.reasoning_content ?? '') !== '');
  return { campaign, instance_id, harness: nameOf(harness), mode: thinks ? 'think' : 'no_think' };
}

/** Another tool's name as a name of a harness here. */
function nameOf(harness: string | null): string {
  const plain = (harness ?? 'unknown').toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '-');
  return HarnessName.parse(plain.replace(/^[^a-z]+/, '').slice(0, 32) || 'unknown');
}

function trajectoryOf(key: RolloutKey, ingested: IngestedTrajectory, task: Task): Trajectory {
  const model = ingested.model ?? 'unknown';
  return Trajectory.parse({
    id: trajectoryId(key),
    key,
    repo: task.repo,
    base_commit: task.base_commit,
    teacher: { name: model, model },
    tools: ingested.tools,
    messages: ingested.messages,
    turns: turnsOf(ingested.messages),
    ending: ingested.ending ?? { kind: 'finished', status: '', detail: 'its file does not say how it ended' },
    model_patch: ingested.model_patch ?? '',
    usage: { prompt_tokens: 0, completion_tokens: 0 },
    cost_usd: 0,
    image_cleaned: ingested.image_cleaned ?? false,
    replay_divergences: [],
  });
}

function turnsOf(messages: IngestedTrajectory['messages']): TurnFacts[] {
  return messages
    .flatMap((message) => (message.role === 'assistant' ? [message.tool_calls ?? []] : []))
    .map((calls, turn) => ({ turn, calls: calls.length, errors: [], finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }));
}

function verdictOf({ resolved, model_patch, format }: IngestedTrajectory, task: Task): Verdict {
  const said = resolved === null ? 'its file has no verdict' : `its file (${format}) says so`;
  return Verdict.parse({
    resolved: resolved ?? -1,
    reason: resolved === null || resolved === -1 ? 'infrastructure' : 'tests',
    detail: `not tested here: ${said}`,
    fail_to_pass: { passed: [], failed: [] },
    pass_to_pass: { passed: [], failed: [] },
    exit_codes: [],
    duration_ms: 0,
    facts: patchFacts(task, model_patch ?? ''),
  });
}
