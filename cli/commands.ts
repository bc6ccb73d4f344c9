import type { CommandUnknownOpts } from '@commander-js/extra-typings';

/** One command of the command line: its line in the help, and the file that it is loaded from when it is used. */
export interface CommandEntry {
  name: string;
  summary: string;
  load: () => Promise<CommandUnknownOpts>;
}

/** All commands, in the order of the help. A file `cli/<name>.ts` exports a function that builds the command. */
export const commands: CommandEntry[] = [
  {
    name: 'up',
    summary: 'start what runs in the background: the Temporal server',
    load: async () => (await import('./up.ts')).upCommand(),
  },
  { name: 'down', summary: 'stop what was started in the background', load: async () => (await import('./down.ts')).downCommand() },
  {
    name: 'doctor',
    summary: 'show the state of each part and how to fix it',
    load: async () => (await import('./doctor.ts')).doctorCommand(),
  },
  { name: 'demo', summary: 'run the whole pipeline with a scripted teacher', load: async () => (await import('./demo.ts')).demoCommand() },
  {
    name: 'run',
    summary: 'run tasks with a model, from the campaign file to the verdicts',
    load: async () => (await import('./run.ts')).runCommand(),
  },
  { name: 'worker', summary: "do this machine's share of every campaign", load: async () => (await import('./worker.ts')).workerCommand() },
  {
    name: 'campaign',
    summary: 'start campaigns, see where they stand, steer them',
    load: async () => (await import('./campaign.ts')).campaignCommand(),
  },
  {
    name: 'pipeline',
    summary: 'run campaign, training and evaluation as one',
    load: async () => (await import('./pipeline.ts')).pipelineCommand(),
  },
  { name: 'task', summary: 'see what one task is doing, or make one', load: async () => (await import('./task.ts')).taskCommand() },
  {
    name: 'source',
    summary: 'count the rows that the stage-1 rules keep and drop',
    load: async () => (await import('./source.ts')).sourceCommand(),
  },
  { name: 'rollout', summary: 'see one rollout turn by turn', load: async () => (await import('./rollout.ts')).rolloutCommand() },
  {
    name: 'release',
    summary: 'build releases, compare them, hand them on',
    load: async () => (await import('./release.ts')).releaseCommand(),
  },
  {
    name: 'export',
    summary: 'write a release in the format of another tool',
    load: async () => (await import('./export.ts')).exportCommand(),
  },
  {
    name: 'evaluation',
    summary: 'measure students on benchmarks, report, compare and check',
    load: async () => (await import('./evaluation.ts')).evaluationCommand(),
  },
  {
    name: 'job',
    summary: 'see, checkpoint or cancel trainings and servers that run',
    load: async () => (await import('./job.ts')).jobCommand(),
  },
  {
    name: 'training',
    summary: 'train students on a release, see where they stand',
    load: async () => (await import('./training.ts')).trainingCommand(),
  },
  {
    name: 'schedule',
    summary: 'start things again and again, at given times',
    load: async () => (await import('./schedule.ts')).scheduleCommand(),
  },
  { name: 'ledger', summary: 'sum up what the filters decided', load: async () => (await import('./ledger.ts')).ledgerCommand() },
  { name: 'why', summary: 'explain what became of a rollout and why', load: async () => (await import('./why.ts')).whyCommand() },
  {
    name: 'parse-log',
    summary: 'read test names and statuses from a log',
    load: async () => (await import('./parse-log.ts')).parseLogCommand(),
  },
  {
    name: 'rejudge',
    summary: 'decide on stored trajectories again, by other filters',
    load: async () => (await import('./rejudge.ts')).rejudgeCommand(),
  },
  {
    name: 'ingest',
    summary: "bring other tools' trajectories into one format",
    load: async () => (await import('./ingest.ts')).ingestCommand(),
  },
  {
    name: 'judge',
    summary: "filter other tools' trajectories, with a ledger, as one's own",
    load: async () => (await import('./judge.ts')).judgeCommand(),
  },
  { name: 'scan', summary: 'find git hacking in trajectories, of any origin', load: async () => (await import('./scan.ts')).scanCommand() },
  {
    name: 'view',
    summary: 'show trajectories, releases and results in a browser',
    load: async () => (await import('./view.ts')).viewCommand(),
  },
  { name: 'teacher', summary: 'check teachers; serve a scripted one', load: async () => (await import('./teacher.ts')).teacherCommand() },
  {
    name: 'web',
    summary: 'serve the pages of this home: watch and steer campaigns',
    load: async () => (await import('./web.ts')).webCommand(),
  },
  {
    name: 'gateway',
    summary: 'see, start or stop the process that holds the requests to models',
    load: async () => (await import('./gateway.ts')).gatewayCommand(),
  },
];
