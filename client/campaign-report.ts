import type { Ledger } from '../activities/ledger/ledger.ts';
import type { ArtifactStore } from '../activities/artifacts/store.ts';
import { describeAmbiguity } from '../schemas/ambiguity.ts';
import type { LedgerRecordOf, TaskRecord } from '../schemas/ledger-record.ts';
import type { LedgerEntry } from '../schemas/ledger-entry.ts';
import type { ReportLine } from '../schemas/report-line.ts';
import type { ReportedProblem } from '../schemas/reported-problem.ts';
import { leftOutReasons } from '../schemas/left-out.ts';
import { planOf } from './plan-of-campaign.ts';
import { rolloutId } from '../schemas/rollout-id.ts';

/**
 * Everything of a campaign that has no decided row, where the agent is not the reason, and the rows whose verdict rests on an
 * ambiguous test log or whose patch lacks a part of the agent's change: rows of its inputs, tasks, rollouts, in this order. Needs neither server nor worker.
 */
export async function campaignReport(ledger: Ledger, store: ArtifactStore, campaign: string): Promise<ReportLine[]> {
  const skipped = (await planOf(ledger, store, campaign))?.skipped ?? [];
  const inputs = skipped.map(({ place, code, reason, hint }): ReportLine => ({ kind: 'input', where: place, code, message: reason, hint }));
  const tasks = new Map((await ledger.tasks(campaign)).map((task) => [task.instance_id, task]));
  const rollouts: ReportLine[] = [];
  for await (const entry of ledger.entries(campaign)) {
    const problem = await problemOfRow(entry, tasks.get(entry.key.instance_id), () => ledger.attempts(entry.key));
    for (const found of [problem, lossOfPatch(entry)])
      if (found !== null) rollouts.push({ kind: 'rollout', where: rolloutId(entry.key), ...found });
  }
  return [...inputs, ...[...tasks.values()].flatMap(linesOfTask), ...rollouts];
}

function linesOfTask({ instance_id, state, problem, reported, remarks }: TaskRecord): ReportLine[] {
  const known = reported ?? (problem === null || state === 'done' ? undefined : inWords(state, problem));
  return [...(known === undefined ? [] : [known]), ...remarks].map((found) => ({ kind: 'task', where: instance_id, ...found }));
}

/** A failed task without a problem of its own has lost some of its rollouts. */
function inWords(state: TaskRecord['state'], message: string): ReportedProblem {
  if (state !== 'failed') return { code: state, message, hint: '' };
  return { code: 'rollouts_lost', message, hint: 'their own lines say why; start the campaign again to repeat them' };
}

/** Null for rows that the tests decided beyond doubt, and for those that are missing only because their whole task is. */
async function problemOfRow(
  entry: LedgerEntry,
  task: TaskRecord | undefined,
  attempts: () => Promise<LedgerRecordOf<'attempt'>[]>,
): Promise<ReportedProblem | null> {
  if (entry.verdict !== null) {
    const { resolved, reason, detail, ambiguous = [] } = entry.verdict;
    if (resolved === -1) return { code: reason, message: detail, hint: hints[reason] ?? '' };
    const [first] = ambiguous;
    if (first === undefined) return null;
    const message = `resolved ${resolved} rests on an ambiguous test log: ${describeAmbiguity(first)}`;
    return {
      code: 'ambiguous_verdict',
      message,
      hint: 'tracemill why ID names the tests; the filter ambiguous_verdict can drop such rows',
    };
  }
  if (entry.trajectory !== null || (task !== undefined && task.reported !== null) || task?.state === 'gated_out') return null;
  const failed = (await attempts()).findLast(({ outcome }) => outcome === 'infrastructure');
  const message = failed?.detail ?? entry.decisions.flatMap(({ evidence }) => evidence.map(({ text }) => text)).join('; ');
  return { code: failed?.code ?? 'lost', message, hint: 'start the campaign again to repeat it' };
}

/** What the agent changed and its patch does not have. */
function lossOfPatch({ left_out }: LedgerEntry): ReportedProblem | null {
  if (left_out === undefined) return null;
  const { count, files } = left_out;
  const [first] = files;
  const which = first === undefined ? '' : `: ${first.path} (${leftOutReasons[first.reason]})${count > 1 ? ` and ${count - 1} more` : ''}`;
  return {
    code: 'patch_incomplete',
    message: `the patch lacks ${count} ${count === 1 ? 'file' : 'files'} of the agent's change${which}`,
    hint: 'tracemill why ID names them; they cannot be part of a patch',
  };
}

const hints: Partial<Record<NonNullable<LedgerEntry['verdict']>['reason'], string>> = {
  infrastructure: 'the row stays without a verdict; fix what the message names before the next campaign',
  parser_error: 'give another install_config.log_parser, or a test command with plainer output',
  test_patch_failed: 'look at the verdict: tracemill why ID',
};
