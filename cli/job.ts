import { setTimeout as delay } from 'node:timers/promises';
import { Command } from '@commander-js/extra-typings';
import { orAborted } from '../platform/waiting.ts';
import { exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { jobLine, jobScreen, jobTable } from './job-view.ts';
import { note, printResult, wantsJson } from './output.ts';

/** `tracemill job`: programs that run on a job backend. */
export function jobCommand() {
  return new Command('job')
    .description('Shows and steers the jobs that were submitted from this home: trainings and model servers.')
    .addCommand(listCommand())
    .addCommand(showCommand())
    .addCommand(logsCommand())
    .addCommand(checkpointCommand())
    .addCommand(cancelCommand());
}

const load = async () => await import('../client/job-report.ts');

function listCommand() {
  return new Command('list')
    .description('Lists all jobs with their state, as their backends have it.')
    .addHelpText('after', '\nExamples:\n  $ tracemill job list\n  $ tracemill job list --json')
    .action(async (_options, command) => {
      const { jobNames, jobReport, knownJob } = await load();
      const reports = await Promise.allSettled(jobNames().map(async (name) => await jobReport(knownJob(name))));
      for (const report of reports) if (report.status === 'rejected') note(`a job cannot be read: ${String(report.reason)}`);
      const read = reports.flatMap((report) => (report.status === 'fulfilled' ? [report.value] : []));
      printResult(command, read, () => (read.length === 0 ? 'no job was submitted from this home' : jobTable(read)));
    });
}

function showCommand() {
  return new Command('show')
    .description('Shows one job: state, step, loss, checkpoint, submissions, and why it did not complete.')
    .argument('<name>', 'name of the job')
    .option('--watch', 'show it again and again until it has ended; exit code 1 unless it completed')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill job show train-night-think-3f9a\n  $ tracemill job show train-night-think-3f9a --watch',
    )
    .action(async (name, { watch: watching = false }, command) => {
      const { jobEnded, jobReport, knownJob } = await load();
      const read = async () => await jobReport(knownJob(name));
      let report = await read();
      if (watching && !jobEnded(report)) {
        const { watch } = await import('./watch.ts');
        report = await watch({ read, ended: jobEnded, screen: jobScreen, line: jobLine, signal: interruption(), everyMs: 2000 });
      }
      printResult(command, report, () => jobScreen(report));
      if (watching && jobEnded(report) && report.status?.state !== 'completed') process.exitCode = exitCodes.failed;
    });
}

function logsCommand() {
  return new Command('logs')
    .description('Prints the output of a job, that of all its submissions.')
    .argument('<name>', 'name of the job')
    .option('--follow', 'keep printing what is added until the job has ended')
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill job logs train-night-think-3f9a | tail\n  $ tracemill job logs train-night-think-3f9a --follow\n\n' +
        'With --json: one piece a line, with the byte at which the next one begins.',
    )
    .action(async (name, { follow = false }, command) => {
      const { knownJob } = await load();
      const signal = interruption();
      for (let offset = 0; !signal.aborted; ) {
        // A new submission may have come.
        const { backend, ref, record } = knownJob(name);
        const { state } = follow ? await backend.status(ref, record.spec) : { state: 'completed' };
        const { text, next } = await backend.logs(ref, record.spec, offset, 1024 ** 2);
        if (text !== '' && wantsJson(command)) printResult(command, { text, next }, '');
        else process.stdout.write(text);
        if (next === offset && state !== 'running' && state !== 'pending') return;
        if (next === offset) await delay(1000, undefined, { signal }).catch(() => undefined);
        offset = next;
      }
    });
}

function checkpointCommand() {
  return new Command('checkpoint')
    .description(
      'Asks a job to write a checkpoint and to end. The training that it belongs to submits it again, and it goes on from there.',
    )
    .argument('<name>', 'name of the job')
    .addHelpText('after', '\nExamples:\n  $ tracemill job checkpoint train-night-think-3f9a')
    .action(async (name, _options, command) => {
      const { knownJob } = await load();
      const { backend, ref, record } = knownJob(name);
      const { state } = await backend.status(ref, record.spec);
      if (state === 'running' || state === 'pending') await backend.signal(ref, record.spec, 'checkpoint');
      const asked = state === 'running' || state === 'pending';
      printResult(
        command,
        { name, asked, state },
        asked ? `${name} is asked to write a checkpoint and to end` : `${name} has ended: ${state}`,
      );
      if (!asked) process.exitCode = exitCodes.failed;
    });
}

function cancelCommand() {
  return new Command('cancel')
    .description(
      'Ends a job, by a checkpoint where its program can write one. The training that it belongs to fails with the cause "cancelled".',
    )
    .argument('<name>', 'name of the job')
    .addHelpText('after', '\nExamples:\n  $ tracemill job cancel train-night-think-3f9a')
    .action(async (name, _options, command) => {
      const { knownJob } = await load();
      const { backend, ref, record } = knownJob(name);
      note(`${name} is asked to end; it has ${record.spec.grace_seconds} s to write a checkpoint`);
      await orAborted(backend.cancel(ref, record.spec), interruption());
      const status = await backend.status(ref, record.spec);
      printResult(command, { name, ...status }, `${name}: ${status.state} (${status.detail})`);
    });
}
