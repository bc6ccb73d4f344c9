import { sameCell } from '../../../client/live-detail.ts';
import type { LiveDetail, LiveRollout } from '../../../schemas/live-detail.ts';
import { nameTable } from '../../../schemas/name-table.ts';
import type { GatewayPause } from '../../../schemas/teacher-health.ts';
import type { RolloutNow } from '../../../schemas/web-live.ts';
import type { Wait } from './waiting.ts';

/** The activity behind each stage of a rollout. */
const activities: Record<string, string> = nameTable({ rollout: 'rollout', verification: 'verify', scan: 'scan', decision: 'decide' });

const over = new Set(['done', 'lost', 'cancelled']);

type Now = Omit<RolloutNow, 'row' | 'missing'>;

/**
 * What one rollout of a task waits for and since when: its teacher, where that is held back; else what its own heartbeat says;
 * else its stage, with what became of the activities of that stage that name no cell.
 */
export function rolloutNow(rollout: LiveRollout, task: Omit<LiveDetail, 'rollouts'>, waits: readonly Wait[]): Now {
  const { stage, cell, live } = rollout;
  const turns = live?.turn ?? (rollout.turns > 0 ? rollout.turns : null);
  const present = { stage, turns };
  if (over.has(stage)) return { ...present, waiting_for: null, since: null, detail: rollout.detail };
  const held = task.pauses.find(({ teacher }) => teacher === null || teacher === cell.teacher);
  // A command runs on while its teacher is away.
  if (held !== undefined && (stage === 'planned' || (stage === 'rollout' && live?.doing !== 'tool')))
    return { ...present, ...heldBack(held) };
  if (stage === 'planned') return { ...present, waiting_for: forItsTask(task), since: isoOf(task.since), detail: task.detail };
  const own = waits.find((wait) => wait.cell !== null && sameCell(wait.cell, cell));
  if (own !== undefined && stage === 'rollout') return { ...present, waiting_for: own.waiting_for, since: own.since, detail: own.detail };
  // Activities that name no cell: which of them is this rollout's is known only where all of them do the same.
  const unnamed = waits.filter((wait) => wait.cell === null && wait.where === activities[stage]);
  const [only, another] = unnamed;
  const kinds = [...new Set(unnamed.map(({ waiting_for }) => waiting_for))];
  return {
    ...present,
    waiting_for: kinds.length === 0 ? 'worker' : kinds.join(' or '),
    since: only !== undefined && another === undefined ? (only.since ?? isoOf(rollout.since)) : isoOf(rollout.since),
    detail: only !== undefined && another === undefined ? only.detail : '',
  };
}

/** Work that waits for a reply of a teacher that is held back waits for that teacher, or for the budget, since it is held. */
export function withPauses<W extends Wait>(waits: readonly W[], pauses: readonly GatewayPause[]): W[] {
  return waits.map((wait) => {
    const held = pauses.find(({ teacher }) => teacher === null || teacher === wait.cell?.teacher);
    return held === undefined || wait.cell === null || wait.waiting_for !== 'model' ? wait : { ...wait, ...heldBack(held) };
  });
}

function heldBack(pause: GatewayPause): Pick<Wait, 'waiting_for' | 'since' | 'detail'> {
  return { waiting_for: pause.teacher === null ? 'budget' : `teacher ${pause.teacher}`, since: pause.since, detail: pauseDetail(pause) };
}

/** Why a teacher or the budget is waited for, until when, and what to do. */
export function pauseDetail({ code, message, hint, next_try }: GatewayPause): string {
  const next = next_try === null ? '' : `; next try ${next_try.slice(11, 19)} UTC`;
  return `${code.replaceAll('_', ' ')}: ${message}${next}. → ${hint}`;
}

/** What a rollout that has not begun waits for. */
function forItsTask({ stage, paused }: Pick<LiveDetail, 'stage' | 'paused'>): string {
  // Image and gate are made in a pause, too.
  if (stage === 'preparation' || stage === 'gate') return `${stage} of its task`;
  if (paused) return 'resume of its campaign';
  return stage === 'ready' ? 'room in its campaign' : 'worker';
}

function isoOf(milliseconds: number | null | undefined): string | null {
  return milliseconds === null || milliseconds === undefined ? null : new Date(milliseconds).toISOString();
}
