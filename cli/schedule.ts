import { Argument, Command, Option } from '@commander-js/extra-typings';
import type { Client } from '@temporalio/client';
import type * as Schedules from '../client/schedules.ts';
import type { ScheduleDetail, ScheduleView } from '../client/schedules.ts';
import { Problem } from '../schemas/problem.ts';
import { Overlap } from '../schemas/schedule.ts';
import { printResult } from './output.ts';
import { withRecords } from './records.ts';
import { table } from './table.ts';

/** `tracemill schedule`: what is started again and again. */
export function scheduleCommand() {
  return new Command('schedule')
    .description('Starts evaluations, campaigns, trainings and pipelines again and again, at given times.')
    .addCommand(createCommand())
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(pauseCommand())
    .addCommand(resumeCommand())
    .addCommand(triggerCommand())
    .addCommand(backfillCommand())
    .addCommand(deleteCommand());
}

function createCommand() {
  return new Command('create')
    .description('Makes a schedule from a file. The file that it starts is read now; later changes of it need --replace.')
    .argument('<file>', 'schedule file (YAML)')
    .option('--replace', 'instead of the schedule of this name')
    .addHelpText('after', '\nExamples:\n  $ tracemill schedule create nightly.yaml\n  $ tracemill schedule create nightly.yaml --replace')
    .action(async (path, { replace = false }, command) => {
      const [{ readSchedule }, { ensureTemporal }] = await Promise.all([import('./schedule-file.ts'), import('../infra/temporal.ts')]);
      const { file, target, start } = await readSchedule(path);
      await ensureTemporal();
      const done = await withSchedules(({ createSchedule }, client, store) =>
        createSchedule(client, store, { file, path: target, start, replace }),
      );
      const detail = await withSchedules(({ scheduleDetail }, client, store) => scheduleDetail(client, store, file.name));
      printResult(command, { ...detail, done }, `schedule ${file.name} is ${done}: ${start.kind} ${target}\n${nextText(detail)}`);
    });
}

function listCommand() {
  return new Command('list')
    .description('Lists the schedules of this home.')
    .addHelpText('after', '\nExamples:\n  $ tracemill schedule list\n  $ tracemill schedule list --json')
    .action(async (_options, command) => {
      const views = await withSchedules(({ listSchedules }, client, store) => listSchedules(client, store));
      printResult(command, views, () => (views.length === 0 ? 'no schedule' : listText(views)));
    });
}

function showCommand() {
  return new Command('show')
    .description('Shows a schedule: its next times, its last runs, and how often it started, skipped and missed one.')
    .addArgument(nameArgument())
    .addHelpText('after', '\nExamples:\n  $ tracemill schedule show nightly')
    .action(async (name, _options, command) => {
      const detail = await withSchedules(({ scheduleDetail }, client, store) => scheduleDetail(client, store, name));
      printResult(command, detail, () => detailText(detail));
    });
}

function pauseCommand() {
  return new Command('pause')
    .description('Starts nothing more until it is resumed. What runs goes on.')
    .addArgument(nameArgument())
    .option('--note <text>', 'why, for others')
    .addHelpText('after', '\nExamples:\n  $ tracemill schedule pause nightly --note "new cluster"')
    .action(async (name, { note }, command) => {
      await withSchedules(({ pauseSchedule }, client, store) => pauseSchedule(client, store, name, note));
      printResult(command, { schedule: name, paused: true }, `schedule ${name} is paused`);
    });
}

function resumeCommand() {
  return new Command('resume')
    .description('Lets a paused schedule go on. Times in the pause are not made up for: see backfill.')
    .addArgument(nameArgument())
    .addHelpText('after', '\nExamples:\n  $ tracemill schedule resume nightly')
    .action(async (name, _options, command) => {
      await withSchedules(({ resumeSchedule }, client, store) => resumeSchedule(client, store, name));
      printResult(command, { schedule: name, paused: false }, `schedule ${name} goes on`);
    });
}

function triggerCommand() {
  return new Command('trigger')
    .description('Starts a run now, also while the schedule is paused.')
    .addArgument(nameArgument())
    .addOption(overlapOption())
    .addHelpText('after', '\nExamples:\n  $ tracemill schedule trigger nightly\n  $ tracemill schedule trigger nightly --overlap allow_all')
    .action(async (name, { overlap }, command) => {
      await withSchedules(({ triggerSchedule }, client, store) => triggerSchedule(client, store, name, overlap));
      printResult(command, { schedule: name, triggered: true }, `schedule ${name} is asked for a run now`);
    });
}

function backfillCommand() {
  return new Command('backfill')
    .description('Starts the runs of a time that has passed, one after another unless told otherwise.')
    .addArgument(nameArgument())
    .requiredOption('--from <time>', 'first time, ISO 8601')
    .requiredOption('--to <time>', 'last time, ISO 8601')
    .addOption(overlapOption())
    .addHelpText('after', '\nExamples:\n  $ tracemill schedule backfill nightly --from 2026-01-03T00:00:00Z --to 2026-01-05T00:00:00Z')
    .action(async (name, { from, to, overlap }, command) => {
      const range = { from: timeOf('--from', from), to: timeOf('--to', to) };
      if (range.to < range.from) throw new Problem('bad_input', '--to is before --from', { hint: 'exchange them' });
      await withSchedules(({ backfillSchedule }, client, store) => backfillSchedule(client, store, name, { ...range, overlap }));
      printResult(command, { schedule: name, from, to }, `schedule ${name} is asked for its runs from ${from} to ${to}`);
    });
}

function deleteCommand() {
  return new Command('delete')
    .description('Removes a schedule. What it started goes on, and its results stay.')
    .addArgument(nameArgument())
    .addHelpText('after', '\nExamples:\n  $ tracemill schedule delete nightly')
    .action(async (name, _options, command) => {
      await withSchedules(({ deleteSchedule }, client, store) => deleteSchedule(client, store, name));
      printResult(command, { schedule: name, deleted: true }, `schedule ${name} is deleted`);
    });
}

function nameArgument() {
  return new Argument('<name>', 'name of the schedule');
}

function overlapOption() {
  return new Option('--overlap <policy>', 'when another run works still').choices(Overlap.options);
}

function timeOf(option: string, text: string): Date {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time;
  throw new Problem('bad_input', `${option}: ${text} is no time`, { hint: 'give it in ISO 8601, such as 2026-01-03T00:00:00Z' });
}

async function withSchedules<T>(work: (schedules: typeof Schedules, client: Client, storeId: string) => Promise<T>): Promise<T> {
  const [schedules, { withClient }] = await Promise.all([import('../client/schedules.ts'), import('../client/connect.ts')]);
  const storeId = await withRecords(({ store }) => store.id());
  return await withClient((client) => work(schedules, client, storeId));
}

function listText(views: readonly ScheduleView[]): string {
  return table(views, [
    { title: 'schedule', value: ({ name }) => name },
    { title: 'starts', value: ({ kind }) => kind },
    { title: 'next (UTC)', value: ({ paused, next }) => (paused ? 'paused' : short(next[0])) },
    { title: 'last (UTC)', value: ({ recent }) => short(recent.at(-1)?.time) },
    { title: 'file', value: ({ path }) => path },
  ]);
}

function detailText(detail: ScheduleDetail): string {
  const { name, kind, path, file, paused, note, recent, running, started, skipped_by_overlap, missed } = detail;
  return [
    `schedule ${name}: ${kind} ${path}`,
    `${whenText(file)}, ${file.time_zone}; overlap ${file.overlap}, catch-up ${file.catch_up_minutes} minutes, jitter ${file.jitter_minutes} minutes`,
    ...(paused ? [`paused${note === '' ? '' : `: ${note}`}`] : [nextText(detail)]),
    `${started} started, ${skipped_by_overlap} skipped since another run worked, ${missed} missed`,
    ...running.map((id) => `running: ${id}`),
    '',
    table(recent, [
      { title: 'for (UTC)', value: ({ time }) => short(time) },
      { title: 'workflow', value: ({ workflow_id }) => workflow_id },
    ]),
  ].join('\n');
}

function whenText({ cron, every_minutes, calendar }: ScheduleDetail['file']): string {
  if (cron !== undefined) return `cron ${[cron].flat().join('; ')}`;
  if (every_minutes !== undefined) return `every ${every_minutes} minutes`;
  return `at ${calendar?.times.join(', ') ?? ''} on ${calendar?.days?.join(', ') ?? 'every day'}`;
}

function nextText({ paused, next }: ScheduleView): string {
  return paused ? 'it is paused' : `next (UTC): ${next.slice(0, 3).map(short).join(', ')}`;
}

function short(time: string | undefined): string {
  return time === undefined ? '' : time.slice(0, 16).replace('T', ' ');
}
