import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { z } from 'zod';
import type { SecondJudge } from '../activities/scanning/index.ts';
import { home, paths } from '../platform/home.ts';
import { readYamlFile } from '../platform/yaml-file.ts';
import { Budget } from '../schemas/budget.ts';
import { Teacher } from '../schemas/campaign.ts';
import { Problem } from '../schemas/problem.ts';
import { JudgeTerms } from '../schemas/second-judge.ts';
import { type TakesOptions, withOptions } from './shared-options.ts';

/** What `--judge` and the options beside it say. */
const JudgeChoice = z.object({
  judge: z.string().optional(),
  judgeKeyEnv: z.string().optional(),
  judgeBudget: Budget.optional(),
  judgeTimeout: z.number().optional(),
});
export type JudgeChoice = z.infer<typeof JudgeChoice>;

/** Gives a command the options that name a second judge. Its types do not show them: see {@link judgeChoiceOf}. */
export function withJudgeOptions<C extends TakesOptions>(command: C): C {
  return withOptions(command, [
    new Option(
      '--judge <teacher>',
      'a model that decides on what the scanner marks: FILE with a teacher, FILE#NAME of a campaign file, or ADDRESS#MODEL',
    ),
    new Option('--judge-key-env <name>', 'environment variable with the key for an ADDRESS'),
    new Option('--judge-budget <limit>', 'what it may spend: a number of tokens, or $N; the rest is not judged').argParser(judgeBudget),
    new Option('--judge-timeout <seconds>', 'seconds for one answer; a later one does not count').argParser(judgeTimeout),
  ]);
}

/** Reads the options of {@link withJudgeOptions} from a command that has them. */
export function judgeChoiceOf(command: { opts(): unknown }): JudgeChoice {
  return JudgeChoice.parse(command.opts());
}

/** `50000`, `50000tokens`, `$2.50` or `2.50usd`. */
export function judgeBudget(text: string): Budget {
  const money = /^\$(\d+(?:\.\d+)?)$|^(\d+(?:\.\d+)?) ?usd$/i.exec(text);
  const tokens = /^(\d+) ?(?:tokens?)?$/i.exec(text);
  const amount = Number(money?.[1] ?? money?.[2] ?? tokens?.[1] ?? Number.NaN);
  // 0 means no limit elsewhere; a budget that is asked for is one.
  if (!(amount > 0)) throw new InvalidArgumentError('a number of tokens such as 50000, or of US dollars such as $2.50');
  return money === null ? { tokens: amount, cost_usd: 0 } : { tokens: 0, cost_usd: amount };
}

function judgeTimeout(text: string): number {
  const seconds = Number(text);
  if (!(seconds > 0)) throw new InvalidArgumentError('a number of seconds');
  return seconds;
}

/** Budgets are counted for each call of a command; the gateway takes all of them for one campaign. */
const campaign = 'second-judge.commands';

/**
 * Opens the second judge that the options name, for as long as `use` takes; without `--judge` there is none. Throws `Problem`
 * bad_judge for a file, a name or a key that is not there.
 */
export async function withSecondJudge<T>(choice: JudgeChoice, use: (judge: SecondJudge | undefined) => Promise<T>): Promise<T> {
  if (choice.judge === undefined) return await use(undefined);
  const { name, teacher } = await teacherOf(choice.judge, choice.judgeKeyEnv);
  const { api_key_env } = teacher;
  if (api_key_env !== undefined && (process.env[api_key_env] ?? '') === '')
    throw new Problem('bad_judge', `--judge: the variable ${api_key_env} with the key of ${name} is not set`, {
      hint: 'set it in the environment of this command',
    });
  const [{ GatewayClient }, { openSecondJudge }] = await Promise.all([
    import('../activities/model/gateway/client.ts'),
    import('../activities/scanning/index.ts'),
  ]);
  const gateway = new GatewayClient({ home: home(), environment: process.env, idleSeconds: 60 });
  try {
    const judge = await openSecondJudge({
      gateway,
      campaign,
      budget: { tokens: 0, cost_usd: 0 },
      journals: paths.journals(),
      teacherName: name,
      teacher,
      terms: JudgeTerms.parse({
        ...(choice.judgeBudget !== undefined && { budget: choice.judgeBudget }),
        ...(choice.judgeTimeout !== undefined && { timeout_seconds: choice.judgeTimeout }),
      }),
      cache: `${paths.cache()}/second-judge`,
      journalled: false,
    });
    return await use(judge);
  } finally {
    gateway.close();
  }
}

const hint = 'docs/scanner.md, "A second judge"';
const TeachersOfFile = z.looseObject({ teachers: z.record(z.string(), z.unknown()) });

async function teacherOf(text: string, keyEnv: string | undefined): Promise<{ name: string; teacher: Teacher }> {
  const [place = '', name] = text.split(/#(?=[^#]*$)/);
  if (/^https?:/.test(place)) {
    if (name === undefined || name === '') throw bad(`${text}: name the model behind the address: ${place}#MODEL`);
    const read = Teacher.safeParse({ model: name, base_url: place, ...(keyEnv !== undefined && { api_key_env: keyEnv }) });
    if (!read.success) throw bad(`${text}: ${z.prettifyError(read.error)}`);
    return { name, teacher: read.data };
  }
  if (keyEnv !== undefined) throw bad('--judge-key-env goes with an address; a file says it itself, as api_key_env');
  const file = await readYamlFile(place, { code: 'bad_judge', hint, kind: 'teacher or campaign' });
  if (name === undefined) {
    const read = Teacher.safeParse(file.value);
    if (!read.success) throw file.problem(read.error.issues);
    return { name: read.data.model, teacher: read.data };
  }
  const teachers = TeachersOfFile.safeParse(file.value).data?.teachers ?? {};
  if (!(name in teachers)) throw bad(`${place} has no teacher ${name}; it has ${Object.keys(teachers).join(', ') || 'none'}`);
  const read = Teacher.safeParse(teachers[name]);
  if (!read.success) throw file.problem(read.error.issues.map((issue) => ({ ...issue, path: ['teachers', name, ...issue.path] })));
  return { name, teacher: read.data };
}

function bad(message: string): Problem {
  return new Problem('bad_judge', message.startsWith('--') ? message : `--judge ${message}`, { hint });
}
