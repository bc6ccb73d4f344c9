import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { type CampaignWish, campaignTemplate } from '../activities/planning/index.ts';
import { replaceFile } from '../platform/replace-file.ts';
import { Teacher } from '../schemas/campaign.ts';
import { Mode } from '../schemas/names.ts';
import { Problem } from '../schemas/problem.ts';

/** Options of the commands that write a campaign file. */
export interface WishOptions {
  name?: string | undefined;
  apiKeyEnv?: string | undefined;
  harness: readonly string[];
  mode: readonly Mode[];
  thinking?: Teacher['thinking']['control'] | undefined;
  samples: number;
  budgetUsd: number;
  budgetTokens: number;
  price: [number, number];
}

const controls = Teacher.shape.thinking.unwrap().shape.control.unwrap().options;

/** Each as a function of its own, so that the commands' types know what they give. */
export const wishOptions = {
  name: () => new Option('--name <name>', 'of the campaign, instead of the task file’s'),
  apiKeyEnv: () => new Option('--api-key-env <variable>', 'environment variable that holds the model’s key'),
  harness: () => new Option('--harness <name...>', 'agent loops').default(['openhands']),
  mode: () => new Option('--mode <mode...>', 'whether the model reasons').choices(Mode.options).default<Mode[]>(['think']),
  thinking: () => new Option('--thinking <control>', 'how its server switches reasoning').choices(controls),
  samples: () => new Option('--samples <number>', 'rollouts of each task × harness × mode').argParser(samples).default(1),
  budgetUsd: () =>
    new Option('--budget-usd <dollars>', 'what the campaign may cost, by --price; 0 is no limit').argParser(amount).default(0),
  budgetTokens: () => new Option('--budget-tokens <tokens>', 'tokens that it may take; 0 is no limit').argParser(wholeAmount).default(0),
  price: () =>
    new Option('--price <input,output>', 'dollars for a million tokens that the model reads, and writes')
      .argParser(price)
      .default<[number, number]>([0, 0]),
};

/** Puts the options of a command into the form that the template takes; tasks are written as seen from the file's folder. */
export function wishOf(tasks: readonly string[], model: string, baseUrl: string, file: string, options: WishOptions): CampaignWish {
  const folder = dirname(resolve(file));
  return {
    name: options.name ?? nameOf(tasks[0] ?? ''),
    tasks: tasks.map((task) => (/^https?:\/\//.test(task) ? task : relative(folder, resolve(task)))),
    harnesses: options.harness,
    modes: options.mode,
    model,
    baseUrl,
    apiKeyEnv: options.apiKeyEnv,
    thinking: options.thinking,
    samples: options.samples,
    budgetUsd: options.budgetUsd,
    budgetTokens: options.budgetTokens,
    promptUsdPerMillion: options.price[0],
    completionUsdPerMillion: options.price[1],
  };
}

/** The name of a campaign over a task file, in the letters that such a name may have. */
export function nameOf(tasks: string): string {
  const own = basename(tasks.replace(/[?#].*$/, '')).replace(/(?:\.(?:yaml|yml|jsonl?|parquet|gz|zst))+$/i, '');
  return (
    own
      .toLowerCase()
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 63) || 'campaign'
  );
}

/** Writes a campaign file, or leaves one that says the same. Throws `Problem` bad_arguments where the file says something else. */
export function writeCampaignFile(file: string, wish: CampaignWish): 'written' | 'same' {
  const text = campaignTemplate(wish);
  if (existsSync(file)) {
    if (readFileSync(file, 'utf8') === text) return 'same';
    throw new Problem('bad_arguments', `${file} is there already and says something else`, {
      hint: `go on with it: tracemill campaign start ${file} --wait; or write another: --file NAME with --name NAME`,
    });
  }
  replaceFile(file, text);
  return 'written';
}

function samples(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 64) throw new InvalidArgumentError('a whole number from 1 to 64');
  return value;
}

function amount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('a number from 0');
  return value;
}

function wholeAmount(text: string): number {
  const value = amount(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('a whole number from 0');
  return value;
}

function price(text: string): [number, number] {
  const [input = '', output = '', ...more] = text.split(',');
  if (more.length > 0) throw new InvalidArgumentError('two numbers with a comma between them, such as 0.3,1.2');
  return [amount(input), amount(output)];
}
