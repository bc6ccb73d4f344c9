import type { ReportLine } from '../schemas/report-line.ts';
import type { CampaignProgress } from '../schemas/campaign-progress.ts';
import type { CampaignStatus } from '../schemas/campaign-status.ts';
import type { LiveDetail, LiveRollout } from '../schemas/live-detail.ts';
import type { FunnelCounts } from '../schemas/ledger-record.ts';
import { busyLines, figureLines, nextTryText, pauseLines, retryLines } from './figures-text.ts';
import { table } from './table.ts';

/** A campaign in a few lines. */
export function statusText(status: CampaignStatus, now = Date.now()): string {
  const { campaign, workflow, progress, funnel, pauses, busy, retries } = status;
  const state = progress?.state ?? workflow;
  const detail = progress === null || progress.detail === '' ? '' : ` (${progress.detail})`;
  const head = `${campaign}: ${state}${detail}`;
  const figures = [rolloutsText(funnel.total), ...figureLines(status)];
  const held = [...pauseLines(pauses, now), ...busyLines(busy, now), ...retryLines(retries, now), ...uncheckedLines(progress)];
  if (progress === null)
    return [head, ...held, ...figures, "no worker answers for now; the figures are the ledger's and the gateway's"].join('\n');
  if (isUnplanned(progress)) return [head, ...held, ...nextSteps[progress.state]].join('\n');
  const { tasks, skipped, counts, in_flight, prefetched, concurrency, release } = progress;
  const ended = counts.done + counts.gated_out + counts.failed + counts.cancelled;
  const parts = [
    `${ended} of ${tasks} tasks ended`,
    `${in_flight.length} in flight (at most ${concurrency})`,
    ...(prefetched.length > 0 ? [`${prefetched.length} prefetched`] : []),
    ...(counts.gated_out > 0 ? [`${counts.gated_out} gated out`] : []),
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.cancelled > 0 ? [`${counts.cancelled} cancelled`] : []),
    ...(skipped > 0 ? [`${skipped} input rows skipped`] : []),
  ];
  const reported =
    skipped + counts.gated_out + counts.failed > 0 ? [`what was left out or failed: tracemill campaign report ${campaign}`] : [];
  return [head, ...held, parts.join(', '), ...figures, ...releaseLines(release), ...reported].join('\n');
}

/** The release at its end: its rows, and what they are without or have replaced. */
function releaseLines(release: CampaignProgress['release']): string[] {
  if (release === null) return [];
  const { version, rows, folder, refused_licence_rows = 0, redacted } = release;
  return [
    `release ${version}: ${rows} rows in ${folder}`,
    ...(refused_licence_rows > 0
      ? [`  ${refused_licence_rows} kept rows are left out for their licence: see its README.md, and release.licences of the campaign file`]
      : []),
    ...(redacted === undefined ? [] : [`  replaced by redaction: ${redacted.places} places in ${redacted.rows} rows`]),
  ];
}

/** Teachers that could not be asked before the campaign began, though it did. */
function uncheckedLines(progress: CampaignProgress | null): string[] {
  return (progress?.teacher_checks ?? []).flatMap(({ teacher, mode, problem }) =>
    problem === null ? [] : [`teacher ${teacher} was not checked in mode ${mode}: ${problem.code}: ${problem.message}`],
  );
}

type Unplanned = CampaignProgress & { state: keyof typeof nextSteps };

/** What is to be done about a campaign that has no tasks yet. */
const nextSteps = {
  planning: ['its inputs are being read and its teachers are checked; nothing has begun yet'],
  failed: ['nothing has begun; correct the file, its inputs or its teachers and start it again'],
};

function isUnplanned(progress: CampaignProgress): progress is Unplanned {
  return progress.state in nextSteps;
}

/** One line per problem, with what to do on the next line. */
export function reportText(lines: readonly ReportLine[]): string {
  if (lines.length === 0) return 'nothing was left out and nothing failed';
  return lines.map(({ where, code, message, hint }) => `${where}: ${code}: ${message}${hint === '' ? '' : `\n  → ${hint}`}`).join('\n');
}

/** One line, for logs and terminals that cannot redraw. */
export function progressLine({ progress, funnel, workflow, pauses, busy, retries, spending }: CampaignStatus): string {
  const { planned, open, kept, dropped, lost, resolved } = funnel.total;
  const tasks =
    progress === null ? '' : `${progress.counts.done + progress.counts.gated_out + progress.counts.failed}/${progress.tasks} tasks, `;
  const held = pauses
    .map(({ teacher, code, message }) => `; ${teacher === null ? '' : `teacher ${teacher}: `}${code}: ${message}`)
    .join('');
  const refusing = busy.map(({ teacher, message }) => `; teacher ${teacher} is busy: ${message}`).join('');
  const [retry] = retries;
  const again = retry === undefined ? '' : `; ${retry.instance_id}: ${retry.activity} is tried again: ${retry.code}: ${retry.message}`;
  return `${progress?.state ?? workflow}: ${tasks}${planned - open}/${planned} rollouts, ${kept} kept, ${dropped} dropped, ${lost} lost, ${resolved} resolved, $${spending.cost_usd.toFixed(2)}${held}${refusing}${again}`;
}

function rolloutsText({ planned, open, kept, dropped, lost, resolved, gated_out, ambiguous }: FunnelCounts): string {
  const doubtful = ambiguous > 0 ? `, ${ambiguous} ambiguous` : '';
  const gated = gated_out > 0 ? `, ${gated_out} gated out` : '';
  return `${planned} rollouts planned: ${open} open, ${kept} kept (${resolved} resolved${doubtful}), ${dropped} dropped, ${lost} lost${gated}`;
}

/** What a task is doing: what failed and is tried again, then one line per rollout. */
export function detailText(detail: LiveDetail, now = Date.now()): string {
  const where = detail.host === null ? '' : ` on ${detail.host}`;
  const head = `${detail.instance_id}: ${detail.stage}${detail.paused ? ', paused' : ''}${where}${detail.detail === '' ? '' : ` (${detail.detail})`}`;
  const retries = detail.retries.map(
    ({ activity, attempt, next_try, code, message }) => `${activity}, attempt ${attempt}${nextTryText(next_try, now)}: ${code}: ${message}`,
  );
  return `${[head, ...pauseLines(detail.pauses, now), ...retries].join('\n')}\n\n${table(detail.rollouts, [
    { title: 'harness', value: ({ cell }) => cell.harness },
    { title: 'mode', value: ({ cell }) => cell.mode },
    { title: 'sample', value: ({ cell }) => cell.sample, align: 'right' },
    { title: 'stage', value: stageText },
    { title: 'turn', value: ({ live, turns }) => live?.turn ?? turns, align: 'right' },
    { title: 'prompt', value: ({ live, usage }) => live?.prompt_tokens ?? usage.prompt_tokens, align: 'right' },
    { title: 'completion', value: ({ live, usage }) => live?.completion_tokens ?? usage.completion_tokens, align: 'right' },
    { title: 'ending', value: ({ ending }) => ending },
    { title: 'resolved', value: ({ fate }) => fate?.resolved, align: 'right' },
    { title: 'fate', value: fateText },
  ])}`;
}

function stageText({ stage, live }: LiveRollout): string {
  if (live === null) return stage;
  return `${stage}: ${live.doing}${live.attempt > 1 ? `, attempt ${live.attempt}` : ''}`;
}

function fateText({ fate, detail }: LiveRollout): string {
  if (fate === null) return detail;
  return fate.kept ? 'kept' : `dropped: ${fate.reason}`;
}
