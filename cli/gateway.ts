import { Command } from '@commander-js/extra-typings';
import { home } from '../platform/home.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { table } from './table.ts';

/** `tracemill gateway`: the process that holds the requests to models. */
export function gatewayCommand() {
  return new Command('gateway')
    .description('Shows or stops the model gateway, which holds the requests to models so that a worker can die in the middle of one.')
    .addCommand(statusCommand())
    .addCommand(startCommand())
    .addCommand(stopCommand());
}

function statusCommand() {
  return new Command('status')
    .description('Shows what the gateway is doing: requests, queues by teacher, tokens and dollars by campaign.')
    .addHelpText('after', '\nExamples:\n  $ tracemill gateway status\n  $ tracemill gateway status --json\n\nExit code 3 when none runs.')
    .action(async (_options, command) => {
      const gateway = await openClient();
      const status = await gateway.status();
      gateway.close();
      if (status === undefined) {
        process.exitCode = exitCodes.notFound;
        return printResult(command, { running: false }, 'no gateway runs; a worker starts one when it needs it');
      }
      printResult(command, { running: true, ...status }, () =>
        [
          `pid ${status.pid}, up ${status.uptime_seconds} s, ${status.connections} connections${status.retiring ? ', ends when idle' : ''}`,
          `${status.requests} exchanges asked, ${status.unjournalled} replies not yet journalled`,
          ...(status.teachers.length === 0 ? [] : ['', teacherTable(status.teachers)]),
          ...(status.campaigns.length === 0 ? [] : ['', campaignTable(status.campaigns)]),
        ].join('\n'),
      );
    });
}

function startCommand() {
  return new Command('start')
    .description('Starts the gateway unless it runs. Workers do so by themselves.')
    .addHelpText('after', '\nExamples:\n  $ tracemill gateway start')
    .action(async (_options, command) => {
      const gateway = await openClient();
      await gateway.ready();
      const status = await gateway.status();
      gateway.close();
      printResult(command, { running: true, pid: status?.pid }, `the gateway runs (pid ${status?.pid ?? 'unknown'})`);
    });
}

function stopCommand() {
  return new Command('stop')
    .description('Stops the gateway. Replies that no worker has journalled are lost and have to be paid again.')
    .option('--when-idle', 'let it finish its requests first')
    .addHelpText('after', '\nExamples:\n  $ tracemill gateway stop --when-idle\n  $ tracemill gateway stop')
    .action(async ({ whenIdle = false }, command) => {
      const gateway = await openClient();
      const leaving = await gateway.stop(whenIdle);
      gateway.close();
      const text = leaving === undefined ? 'no gateway runs' : leaving ? 'stopped' : 'it stops as soon as it is idle';
      printResult(command, { running: leaving === false, stopped: leaving === true }, text);
    });
}

async function openClient() {
  const { GatewayClient } = await import('../activities/model/gateway/client.ts');
  return new GatewayClient({ home: home(), environment: process.env });
}

type Status = NonNullable<Awaited<ReturnType<Awaited<ReturnType<typeof openClient>>['status']>>>;

function teacherTable(teachers: Status['teachers']): string {
  return table(teachers, [
    { title: 'campaign', value: ({ campaign }) => campaign },
    { title: 'teacher', value: ({ teacher }) => teacher },
    { title: 'active', value: ({ active }) => active, align: 'right' },
    { title: 'waiting', value: ({ waiting }) => waiting, align: 'right' },
    { title: 'at most', value: ({ capacity }) => capacity, align: 'right' },
    { title: 'silent for', value: ({ paused_seconds }) => (paused_seconds === 0 ? null : `${paused_seconds} s`), align: 'right' },
    { title: 'paused', value: ({ pause }) => pause && `${pause.code} since ${pause.since}: ${pause.message}` },
  ]);
}

function campaignTable(campaigns: Status['campaigns']): string {
  return table(campaigns, [
    { title: 'campaign', value: ({ campaign }) => campaign },
    { title: 'tokens', value: ({ prompt_tokens, completion_tokens }) => prompt_tokens + completion_tokens, align: 'right' },
    { title: 'reserved', value: ({ reserved_tokens }) => reserved_tokens, align: 'right' },
    { title: 'US dollars', value: ({ cost_usd }) => cost_usd.toFixed(4), align: 'right' },
    { title: 'replies/min', value: ({ exchanges_per_minute }) => exchanges_per_minute.toFixed(1), align: 'right' },
    {
      title: 'waits for',
      value: ({ pauses }) => pauses.map(({ teacher, code }) => (teacher === null ? code : `${teacher}: ${code}`)).join(', '),
    },
  ]);
}
