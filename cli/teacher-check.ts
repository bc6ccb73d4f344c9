import { Command, Option } from '@commander-js/extra-typings';
import type { SettingNames } from '../activities/model/check/settings-names.ts';
import { checkMode, modeFits } from '../activities/model/thinking.ts';
import type { TeacherInMode } from '../activities/model/check/check-teachers.ts';
import { Teacher } from '../schemas/campaign.ts';
import { Mode } from '../schemas/names.ts';
import { Problem } from '../schemas/problem.ts';
import type { TeacherCheck } from '../schemas/teacher-check.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { interruption } from './interrupt.ts';
import { note, printResult } from './output.ts';
import { checkLine, costText } from './teacher-check-view.ts';
import { address, variableName } from './teacher-values.ts';

/** `tracemill teacher check`: whether a model does what rollouts need of it. */
export function checkCommand() {
  const thinking = Teacher.shape.thinking.unwrap().shape;
  return new Command('check')
    .description(
      'Asks teachers as rollouts will ask them: a tool call comes back with the right types, reasoning is there where the mode has it and only there, and earlier reasoning that is sent back reaches the prompt.',
    )
    .argument('[campaign]', 'campaign file (YAML): its teachers, each in the modes that it produces')
    .option('--teacher <name...>', 'only these teachers of the file')
    .option('--url <address>', 'instead of a file: an OpenAI-compatible server; ends in /v1', address)
    .option('--model <name>', 'name of the model at --url')
    .option('--api-key-env <name>', 'environment variable with the key for --url', variableName)
    .addOption(new Option('--mode <mode...>', 'modes to ask in; by default all that the teacher has').choices(Mode.options))
    .addOption(
      new Option('--control <way>', 'how --url is asked to reason')
        .choices(thinking.control.unwrap().options)
        .default('chat_template_kwargs' as const),
    )
    .addOption(
      new Option('--resend <form>', 'how earlier reasoning goes back to --url')
        .choices(thinking.resend.unwrap().options)
        .default('auto' as const),
    )
    .option('--no-streaming', 'ask --url for whole answers')
    .addHelpText(
      'after',
      `
Examples:
  $ tracemill teacher check campaign.yaml
  $ tracemill teacher check campaign.yaml --teacher minimax --json
  $ tracemill teacher check --url http://localhost:8000/v1 --model MiniMax-M2.5 --mode think --control always
  $ tracemill teacher check --url https://api.example.com/v1 --model m --api-key-env EXAMPLE_KEY

Keys are read from this command's own environment, under the names that the file gives. Each teacher and mode takes about three
requests of some hundred tokens; what they cost is told, by the prices of the file.

Exit code 1 when something is wrong, 2 for a wrong file or command line, 4 when nothing else is wrong but a server does not answer.`,
    )
    .action(async (file, options, command) => {
      const { checkTeachers } = await import('../activities/model/check/check-teachers.ts');
      const { asked, names } = file === undefined ? byAddress(options) : await ofFile(file, options);
      const checks = await checkTeachers(asked, { key: (variable) => process.env[variable], names, signal: interruption(), tell: note });
      const faulty = checks.filter(({ problem }) => problem !== null);
      process.exitCode = exitCodeFor(checks);
      printResult(command, { ok: faulty.length === 0, checks }, () => textOf(checks, faulty.length));
    });
}

interface Wanted {
  teacher?: string[] | undefined;
  url?: string | undefined;
  model?: string | undefined;
  apiKeyEnv?: string | undefined;
  mode?: Mode[] | undefined;
  control: Teacher['thinking']['control'];
  resend: Teacher['thinking']['resend'];
  streaming: boolean;
}

interface Asking {
  asked: TeacherInMode[];
  names: (teacher: string) => SettingNames;
}

async function ofFile(file: string, { teacher: only, mode: modes, url, model }: Wanted): Promise<Asking> {
  if (url !== undefined || model !== undefined) throw usage('a campaign file says where its teachers are: leave out --url and --model');
  const [{ readCampaignFile }, { planningNeeds }, { teachersOf }, { campaignSettings }] = await Promise.all([
    import('../activities/planning/index.ts'),
    import('../workers/planning-needs.ts'),
    import('../activities/model/check/check-teachers.ts'),
    import('../activities/model/check/campaign-settings.ts'),
  ]);
  const campaign = await readCampaignFile(file, planningNeeds.harnesses);
  const all = teachersOf(campaign);
  const known = [...new Set(all.map(({ name }) => name))];
  const unknown = only?.find((name) => !known.includes(name));
  if (unknown !== undefined) throw usage(`no mode of ${file} is produced by a teacher ${unknown}; there are ${known.join(', ')}`);
  const asked = all.filter(({ name, mode }) => (only?.includes(name) ?? true) && (modes?.includes(mode) ?? true));
  if (asked.length === 0) throw usage(`${file} has no such teacher in mode ${modes?.join(', ') ?? ''}`);
  for (const { name, teacher, mode } of asked) planningNeeds.checkMode(name, teacher, mode);
  return { asked, names: (teacher) => campaignSettings(teacher, ', in the environment of this command') };
}

function byAddress({ teacher: only, url, model, apiKeyEnv, mode: modes, control, resend, streaming }: Wanted): Asking {
  if (url === undefined || model === undefined) throw usage('name a campaign file, or --url and --model');
  if (only !== undefined) throw usage('--teacher chooses among the teachers of a campaign file');
  const teacher = Teacher.parse({
    model,
    base_url: url,
    thinking: { control, resend },
    streaming,
    ...(apiKeyEnv !== undefined && { api_key_env: apiKeyEnv }),
  });
  for (const mode of modes ?? []) checkMode(model, teacher, mode);
  const asked = (modes ?? Mode.options.filter((mode) => modeFits(teacher, mode))).map((mode) => ({ name: model, teacher, mode }));
  const names: SettingNames = {
    model: '--model',
    address: '--url',
    key: '--api-key-env',
    thinking: '--control',
    resend: '--resend',
    sampling: 'sampling',
    afterKey: ', in the environment of this command',
  };
  return { asked, names: () => names };
}

function textOf(checks: readonly TeacherCheck[], faulty: number): string {
  const sum = { requests: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 };
  for (const check of checks) {
    sum.requests += check.requests;
    sum.prompt_tokens += check.prompt_tokens;
    sum.completion_tokens += check.completion_tokens;
    sum.cost_usd += check.cost_usd;
  }
  const verdict = faulty === 0 ? 'nothing is wrong' : `${faulty} of ${checks.length} are not as rollouts need them`;
  return [...checks.map(checkLine), `${verdict}; in all ${costText(sum)}`].join('\n');
}

/** What is wrong with a model comes before what keeps it from being asked. */
function exitCodeFor(checks: readonly TeacherCheck[]): number {
  const codes = checks.flatMap(({ problem }) => (problem === null ? [] : [exitCodeOf(new Problem(problem.code, problem.message))]));
  return codes.find((code) => code === exitCodes.failed) ?? codes[0] ?? exitCodes.ok;
}

function usage(message: string): Problem {
  return new Problem('bad_usage', message, { hint: 'see: tracemill teacher check --help' });
}
