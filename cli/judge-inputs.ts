import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { JudgedRow, StatedFacts } from '../activities/filtering/index.ts';
import type { Ledger } from '../activities/ledger/ledger.ts';
import type { FilterPresetName } from '../schemas/filter-preset.ts';
import type { IngestedFormat } from '../schemas/ingested.ts';
import type { Judging } from '../schemas/judgement.ts';
import type { Funnel } from '../schemas/ledger-record.ts';
import type { Language } from '../schemas/names.ts';
import { placeText, standardInput } from '../schemas/place.ts';
import { isUnknown } from '../schemas/row-origin.ts';
import type { ScanPreset } from '../schemas/scan-preset.ts';
import type { Task } from '../schemas/task.ts';
import { judgingText } from './judging-text.ts';
import { KeptRowsFile } from './kept-rows-file.ts';
import { funnelText } from './ledger.ts';
import { note } from './output.ts';
import { withRecords } from './records.ts';
import { type JudgeChoice, withSecondJudge } from './second-judge.ts';

export interface JudgeOptions extends JudgeChoice {
  preset: FilterPresetName;
  campaign?: string | undefined;
  out?: string | undefined;
  tasks?: string[] | undefined;
  licence?: string | undefined;
  licences?: string | undefined;
  repo?: string | undefined;
  language?: Language | undefined;
  scanPreset: ScanPreset;
  from?: IngestedFormat | undefined;
}

/** What became of the inputs of one call; `funnel` counts all that is on record under its name. */
export interface Judged {
  campaign: string;
  preset: FilterPresetName;
  /** Rows of these inputs. */
  rows: number;
  /** Of them: on record as they are since an earlier call. */
  known: number;
  kept: number;
  /** Rows of which calls, results or replies could not be read. */
  unparsed: number;
  /** Rows whose file has no verdict. */
  unverified: number;
  /** Rows without a licence that SPDX has a name for: a release leaves them out. */
  without_licence: number;
  /** Null where no tasks were given. */
  without_task: number | null;
  /** Sums over the rows whose files say it, and how many those are. */
  tokens: { rows: number; prompt: number; completion: number };
  cost: { rows: number; usd: number };
  /** How the second judge was asked, over all rows; null where there was none. */
  judging: Judging | null;
  /** Rows that stand in the inputs a second time. */
  repeated: { place: string; id: string }[];
  /** What could not be read at all. */
  not_read: { place: string; problem: string }[];
  out: string | null;
  funnel: Funnel;
  interrupted: boolean;
}

/** Reads trajectories, puts them on record with every decision, and writes the kept ones where that is wished. */
export async function judgeInputs(inputs: readonly string[], options: JudgeOptions, signal: AbortSignal): Promise<Judged> {
  const [{ judgeRows }, { scanForCampaign, scannerVersion }] = await Promise.all([
    import('../activities/filtering/index.ts'),
    import('../activities/scanning/index.ts'),
  ]);
  const { preset, scanPreset } = options;
  const campaign = options.campaign ?? nameFor(inputs);
  const not_read: Judged['not_read'] = [];
  const tasks = options.tasks === undefined ? null : await tasksOf(options.tasks, not_read);
  const stated = await statedFacts(options);
  const kept = options.out === undefined ? undefined : await KeptRowsFile.open(options.out);
  const matched = { without: 0 };
  try {
    return await withSecondJudge(options, (judge) =>
      withRecords(async ({ ledger, store }) => {
        const judged = await judgeRows({
          campaign,
          preset,
          stated,
          rows: counted(readRows(inputs, options.from, tasks, not_read, matched)),
          scan: (trajectory, task) => scanForCampaign(trajectory, task, scanPreset, judge && { judge, signal }),
          judges: { scanner_version: scannerVersion, preset: scanPreset, second: judge?.identity ?? null },
          ledger,
          store,
          signal,
          onRow: async (row, id) => await kept?.add(id, row.trajectory),
        });
        const sums = await sumsOf(ledger, campaign, new Set(judged.ids));
        if (!judged.interrupted) await kept?.finish(sums.keptIds);
        return {
          campaign,
          preset,
          rows: judged.ids.length,
          known: judged.known,
          ...sums.counts,
          without_task: tasks === null ? null : matched.without,
          repeated: judged.repeated,
          not_read,
          out: kept === undefined || judged.interrupted ? null : kept.path,
          funnel: await ledger.campaignFunnel(campaign),
          interrupted: judged.interrupted,
        };
      }),
    );
  } finally {
    await kept?.discard();
  }
}

/** The same inputs have the same name, wherever the command is called. */
function nameFor(inputs: readonly string[]): string {
  const absolute = inputs.map((input) => (input === '-' || /^https?:/.test(input) ? input : resolve(input)));
  const hash = createHash('sha256').update(JSON.stringify(absolute)).digest('hex').slice(0, 8);
  const [first = ''] = absolute;
  const plain = (first === '-' ? 'stdin' : basename(first)).toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '-');
  return `judged-${plain.slice(0, 40) || 'rows'}-${hash}`;
}

async function statedFacts({ licence, licences, repo, language }: JudgeOptions): Promise<StatedFacts> {
  const { readLicences } = await import('../activities/filtering/index.ts');
  return {
    ...(licence !== undefined && { licence }),
    ...(licences !== undefined && { licences: await readLicences(licences) }),
    ...(repo !== undefined && { repo }),
    ...(language !== undefined && { language }),
  };
}

async function* readRows(
  inputs: readonly string[],
  from: IngestedFormat | undefined,
  tasks: Map<string, Task> | null,
  not_read: Judged['not_read'],
  matched: { without: number },
): AsyncGenerator<JudgedRow> {
  const { readTrajectories } = await import('../activities/ingestion/index.ts');
  for (const input of inputs) {
    const source = input === '-' ? { name: standardInput, stream: process.stdin } : input;
    for await (const reading of readTrajectories(source, from === undefined ? {} : { from })) {
      if (!reading.ok) {
        not_read.push({ place: placeText(reading.place), problem: reading.problem });
        continue;
      }
      const { trajectory } = reading;
      for (const { reason } of trajectory.lost) note(`read in part: ${placeText(reading.place)} (${trajectory.id}): ${reason}`);
      const task = tasks?.get((trajectory.instance_id ?? '').toLowerCase()) ?? null;
      if (task === null) matched.without += 1;
      yield { trajectory, task };
    }
  }
}

/** Says on standard error how far it is: often on a terminal, rarely in a log. */
async function* counted(rows: AsyncIterable<JudgedRow>): AsyncGenerator<JudgedRow> {
  const interactive = process.stderr.isTTY;
  let read = 0;
  let said = performance.now();
  for await (const row of rows) {
    yield row;
    read += 1;
    if (performance.now() - said < (interactive ? 500 : 10_000)) continue;
    said = performance.now();
    if (interactive) process.stderr.write(`\r\u001B[K${read} rows judged`);
    else note(`${read} rows judged`);
  }
  if (interactive) process.stderr.write('\r\u001B[K');
}

/** By instance id, in lower case: tools differ in how they write it. */
async function tasksOf(inputs: readonly string[], not_read: Judged['not_read']): Promise<Map<string, Task>> {
  const { selectTasks } = await import('../activities/source/index.ts');
  const tasks = new Map<string, Task>();
  for await (const reading of selectTasks(inputs, [])) {
    if (reading.ok) tasks.set(reading.task.instance_id.toLowerCase(), reading.task);
    else not_read.push({ place: reading.place, problem: reading.problems.join('; ') });
  }
  return tasks;
}

async function sumsOf(ledger: Ledger, campaign: string, ids: ReadonlySet<string>) {
  const counts = {
    kept: 0,
    unparsed: 0,
    unverified: 0,
    without_licence: 0,
    tokens: { rows: 0, prompt: 0, completion: 0 },
    cost: { rows: 0, usd: 0 },
  };
  const [{ judgingSum }, { licenceRefusal }] = await Promise.all([
    import('../activities/scanning/index.ts'),
    import('../activities/dataset/index.ts'),
  ]);
  const judgings: Judging[] = [];
  const keptIds = new Set<string>();
  for await (const { id, kept, license, resolved, scan, judging, usage, cost_usd, origin } of ledger.entries(campaign)) {
    if (!ids.has(id)) continue;
    if (kept) keptIds.add(id);
    if (judging !== undefined) judgings.push(judging);
    counts.kept += kept ? 1 : 0;
    counts.unparsed += (scan?.unread.length ?? 0) > 0 ? 1 : 0;
    counts.unverified += resolved === -1 ? 1 : 0;
    counts.without_licence += licenceRefusal({}, license) === undefined ? 0 : 1;
    if (!isUnknown(origin, 'tokens')) {
      counts.tokens.rows += 1;
      counts.tokens.prompt += usage.prompt_tokens;
      counts.tokens.completion += usage.completion_tokens;
    }
    if (isUnknown(origin, 'cost')) continue;
    counts.cost.rows += 1;
    counts.cost.usd += cost_usd;
  }
  return { counts: { ...counts, judging: judgingSum(judgings) }, keptIds };
}

/** Places shown to people. */
const shown = 20;

export function judgedText(judged: Judged): string {
  const {
    campaign,
    rows,
    known,
    kept,
    unparsed,
    unverified,
    without_licence,
    without_task,
    tokens,
    cost,
    judging,
    repeated,
    not_read,
    out,
    funnel,
  } = judged;
  const known_facts = [
    `${tokens.rows} of ${rows} say their tokens${tokens.rows > 0 ? ` (${tokens.prompt} prompt, ${tokens.completion} completion)` : ''}`,
    `${cost.rows} their cost${cost.rows > 0 ? ` ($${cost.usd.toFixed(2)})` : ''}`,
  ];
  return [
    `${rows} rows are on record as campaign ${campaign}: ${kept} kept, ${rows - kept} left out, ${unparsed} of these unparsed; ${unverified} without a verdict`,
    ...(known > 0 ? [`${known} of them were on record as they are`] : []),
    ...(without_task !== null && without_task > 0
      ? [`${without_task} have no task in --tasks and are judged by what they say themselves`]
      : []),
    known_facts.join(', '),
    ...(without_licence > 0
      ? [
          `${without_licence} have no licence that SPDX has a name for, and a release leaves them out: judge them again with --licence or --licences`,
        ]
      : []),
    ...(judging === null ? [] : [`second judge: ${judgingText(judging)}`]),
    '',
    funnelText(funnel),
    '',
    ...placesText(`${not_read.length} could not be read:`, not_read),
    ...placesText(
      `${repeated.length} stand in the inputs a second time:`,
      repeated.map(({ place, id }) => ({ place, problem: `is row ${id}` })),
    ),
    ...(out === null ? [] : [`kept rows: ${out}`]),
    judged.interrupted
      ? 'stopped: the rows above are on record; the same command goes on from there'
      : `next: tracemill why ID, tracemill release build ${campaign}`,
  ].join('\n');
}

function placesText(title: string, places: Judged['not_read']): string[] {
  if (places.length === 0) return [];
  const more = places.length > shown ? [`  and ${places.length - shown} more: see --json`] : [];
  return [title, ...places.slice(0, shown).map(({ place, problem }) => `  ${place}: ${problem}`), ...more];
}
