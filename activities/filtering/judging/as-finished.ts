import type { IngestedTrajectory, Loss } from '../../../schemas/ingested.ts';
import { CommitHash, type RolloutKey } from '../../../schemas/names.ts';
import type { Place } from '../../../schemas/place.ts';
import type { Fact } from '../../../schemas/row-origin.ts';
import type { TaskFacts } from '../../../schemas/task.ts';
import { trajectoryId } from '../../../schemas/trajectory-id.ts';
import { Trajectory, type TurnFacts } from '../../../schemas/trajectory.ts';
import { Verdict } from '../../../schemas/verdict.ts';
import { patchFacts } from '../../patches/patch-facts.ts';
import type { KnownTask } from './judged-row.ts';

/** A trajectory of another tool as a finished rollout. What nobody says is empty here and named in its origin. */
export function asFinished(
  key: RolloutKey,
  ingested: IngestedTrajectory,
  { task, lacks }: KnownTask,
  { place, sha256 }: { place: Place; sha256: string },
): Trajectory {
  const model = ingested.model ?? 'unknown';
  const { usage } = ingested;
  return Trajectory.parse({
    id: trajectoryId(key),
    key,
    repo: task.repo,
    base_commit: commitOf(ingested.base_commit) ?? commitOf(task['base_commit']) ?? '',
    teacher: { name: model, model, ...(ingested.reasoning_effort !== null && { reasoning_effort: ingested.reasoning_effort }) },
    tools: ingested.tools,
    messages: ingested.messages,
    turns: turnsOf(ingested.messages),
    ending: ingested.ending ?? { kind: 'finished', status: '', detail: 'nobody says how it ended' },
    model_patch: ingested.model_patch ?? '',
    usage: {
      prompt_tokens: usage?.prompt_tokens ?? 0,
      completion_tokens: usage?.completion_tokens ?? 0,
      ...(typeof usage?.cached_tokens === 'number' && { cached_tokens: usage.cached_tokens }),
      ...(typeof usage?.reasoning_tokens === 'number' && { reasoning_tokens: usage.reasoning_tokens }),
    },
    cost_usd: usage?.cost_usd ?? 0,
    image_cleaned: ingested.image_cleaned ?? false,
    replay_divergences: [],
    origin: {
      format: ingested.format,
      place,
      id: ingested.id,
      sha256,
      exit_status: ingested.exit_status,
      lacks: [...lacks, ...unsaidBy(ingested)],
      unread: unreadOf(ingested.lost),
    },
  });
}

/** Verdicts are those of the files, never tested here. */
export function statedVerdict({ resolved, model_patch, format }: IngestedTrajectory, task: TaskFacts): Verdict {
  const said = resolved === null || resolved === -1 ? 'its file has no verdict' : `its file (${format}) says so`;
  return Verdict.parse({
    resolved: resolved ?? -1,
    reason: resolved === null || resolved === -1 ? 'not_tested' : 'tests',
    detail: `not tested here: ${said}`,
    fail_to_pass: { passed: [], failed: [] },
    pass_to_pass: { passed: [], failed: [] },
    exit_codes: [],
    duration_ms: 0,
    facts: patchFacts(task, model_patch ?? ''),
  });
}

/** No format says why each reply ended, what the tests printed or whether a container was rebuilt. */
function unsaidBy({ harness, tools, model_patch, ending, usage }: IngestedTrajectory): Fact[] {
  const unsaid: [Fact, boolean][] = [
    ['harness', harness === null],
    ['tools', tools.length === 0],
    ['model_patch', model_patch === null],
    ['ending', ending === null],
    ['tokens', typeof usage?.prompt_tokens !== 'number' && typeof usage?.completion_tokens !== 'number'],
    ['cost', typeof usage?.cost_usd !== 'number'],
  ];
  return [...unsaid.flatMap(([fact, is]) => (is ? [fact] : [])), 'finish_reasons', 'test_log', 'replays'];
}

function commitOf(value: unknown): string | undefined {
  return CommitHash.safeParse(value).data;
}

/** Of a row of which nothing was understood, the first reasons say enough. */
const mostReasons = 20;

function unreadOf(lost: readonly Loss[]): string[] {
  const more = lost.length - mostReasons;
  return [...lost.slice(0, mostReasons).map(lossText), ...(more > 0 ? [`and ${more} more`] : [])];
}

function lossText({ what, reason, message }: Loss): string {
  return `${what}${message === null ? '' : ` (message ${message})`}: ${reason}`;
}

function turnsOf(messages: IngestedTrajectory['messages']): TurnFacts[] {
  return messages
    .flatMap((message) => (message.role === 'assistant' ? [message.tool_calls ?? []] : []))
    .map((calls, turn) => ({ turn, calls: calls.length, errors: [], finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }));
}
