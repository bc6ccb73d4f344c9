import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { z } from 'zod';
import type { CampaignWish } from '../activities/planning/index.ts';
import { replaceFile } from '../platform/replace-file.ts';
import { type Campaign, Teacher } from '../schemas/campaign.ts';
import { Mode } from '../schemas/names.ts';
import { Problem } from '../schemas/problem.ts';
import { type TakesOptions, withOptions } from './shared-options.ts';
import { variableName } from './teacher-values.ts';

const thinkingControl = Teacher.shape.thinking.unwrap().shape.control.unwrap();

const price = z.tuple([z.number(), z.number()]);

/** What the options of {@link withWishOptions} say. */
const WishOptions = z.object({
  name: z.string().optional(),
  apiKeyEnv: z.string().optional(),
  harness: z.array(z.string()),
  mode: z.array(Mode),
  thinking: thinkingControl.optional(),
  samples: z.number(),
  budgetUsd: z.number(),
  budgetTokens: z.number(),
  price,
});
export type WishOptions = z.infer<typeof WishOptions>;

/** Gives a command the options of the commands that write a campaign file. Its types do not show them: see {@link wishOptionsOf}. */
export function withWishOptions<C extends TakesOptions>(command: C): C {
  return withOptions(command, [
    new Option('--name <name>', 'of the campaign, instead of the task file’s'),
    new Option('--api-key-env <variable>', 'environment variable that holds the model’s key').argParser(variableName),
    new Option('--harness <name...>', 'agent loops').default(['openhands']),
    new Option('--mode <mode...>', 'whether the model reasons').choices(Mode.options).default(['think']),
    new Option('--thinking <control>', 'how its server switches reasoning').choices(thinkingControl.options),
    new Option('--samples <number>', 'rollouts of each task × harness × mode').argParser(readSamples).default(1),
    new Option('--budget-usd <dollars>', 'what the campaign may cost, by --price; 0 is no limit').argParser(readAmount).default(0),
    new Option('--budget-tokens <tokens>', 'tokens that it may take; 0 is no limit').argParser(readWholeAmount).default(0),
    new Option('--price <input,output>', 'dollars for a million tokens that the model reads, and writes')
      .argParser(readPrice)
      .default([0, 0]),
  ]);
}

/** Reads the options of {@link withWishOptions} from a command that has them. */
export function wishOptionsOf(command: { opts(): unknown }): WishOptions {
  return WishOptions.parse(command.opts());
}

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

/** A campaign file that is yet to be written, or that is there and says the same. */
export interface DraftFile {
  /** Whether it was there before, and the campaign with it. */
  there: boolean;
  campaign: Campaign;
  /** Puts it on disk. */
  write: () => 'written' | 'same';
  /** Takes it away again where it was written here. Says whether it did. */
  takeBack: () => boolean;
}

/**
 * The campaign file of a wish, read and checked before anything is written. Throws `Problem` bad_campaign for what is wrong with
 * it, and bad_arguments where a file is there that says something else.
 */
export async function draftCampaignFile(file: string, wish: CampaignWish): Promise<DraftFile> {
  const [{ campaignTemplate, readCampaignText }, { planningNeeds }] = await Promise.all([
    import('../activities/planning/index.ts'),
    import('../workers/planning-needs.ts'),
  ]);
  const text = campaignTemplate(wish);
  const campaign = readCampaignText(text, file, planningNeeds.harnesses);
  const there = existsSync(file);
  if (there && readFileSync(file, 'utf8') !== text) {
    throw new Problem('bad_arguments', `${file} is there already and says something else`, {
      hint: `go on with it: tracemill campaign start ${file} --wait; or write another: --file NAME with --name NAME`,
    });
  }
  let written = false;
  return {
    there,
    campaign,
    write: () => {
      if (there) return 'same';
      replaceFile(file, text);
      written = true;
      return 'written';
    },
    takeBack: () => {
      if (written) rmSync(file, { force: true });
      return written;
    },
  };
}

function readSamples(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < 1 || value > 64) throw new InvalidArgumentError('a whole number from 1 to 64');
  return value;
}

function readAmount(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new InvalidArgumentError('a number from 0');
  return value;
}

function readWholeAmount(text: string): number {
  const value = readAmount(text);
  if (!Number.isSafeInteger(value)) throw new InvalidArgumentError('a whole number from 0');
  return value;
}

function readPrice(text: string): z.infer<typeof price> {
  const [input = '', output = '', ...more] = text.split(',');
  if (more.length > 0) throw new InvalidArgumentError('two numbers with a comma between them, such as 0.3,1.2');
  return [readAmount(input), readAmount(output)];
}
