import { decideRow, lostEntry } from '../../activities/filtering/ledger-entry.ts';
import { presetOf } from '../../activities/filtering/presets.ts';
import type { Ambiguity } from '../../schemas/ambiguity.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import type { TaskRecord } from '../../schemas/ledger-record.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import type { Fact } from '../../schemas/row-origin.ts';
import type { Resolved } from '../../schemas/verdict.ts';
import { origin, scan, task, trajectory, verdict } from '../filtering/rows.ts';
import { countTokens } from '../filtering/count-tokens.ts';

export const ref = { sha256: '0'.repeat(64), size_bytes: 1, content_type: 'application/json' };
const teacher = { name: 'scripted', model: 'Scripted-1.5' };

export function keyOf(change: Partial<RolloutKey> = {}): RolloutKey {
  return { campaign: 'demo', instance_id: 'acme__parser-7', harness: 'openhands', mode: 'think', sample: 0, ...change };
}

/** The entry of a finished rollout. */
export function decided(
  key: RolloutKey,
  options: {
    resolved?: Resolved;
    patch?: string;
    ambiguous?: Ambiguity[];
    preset?: 'open-swe-traces' | 'strict';
    unread?: string[];
    lacks?: Fact[];
  } = {},
): LedgerEntry {
  const { resolved = 1, patch, ambiguous, preset = 'open-swe-traces', unread = [], lacks } = options;
  const row = trajectory(undefined, {
    key,
    ...(patch === undefined ? {} : { model_patch: patch }),
    ...(lacks === undefined ? {} : { origin: origin(lacks) }),
  });
  return decideRow(
    {
      trajectory: row,
      task: task(),
      verdict: verdict({ resolved, ambiguous }),
      scan: scan({ unread }),
      refs: { task: ref, trajectory: ref, verdict: ref },
    },
    presetOf(preset),
    countTokens,
  );
}

export function lost(key: RolloutKey, rule: 'environment_exception' | 'gate' = 'environment_exception'): LedgerEntry {
  return lostEntry({ key, teacher, task: task(), taskRef: ref, rule, detail: 'engine_unreachable' }, presetOf('open-swe-traces'));
}

export function planned(instance_id: string, change: Partial<TaskRecord> = {}): Omit<TaskRecord, 'type'> {
  return {
    campaign: 'demo',
    instance_id,
    repo: 'acme/parser',
    language: 'go',
    license: 'MIT',
    task: ref,
    state: 'planned',
    gate: null,
    problem: null,
    reported: null,
    remarks: [],
    ...change,
  };
}
