import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { readEvaluationFile } from '../../activities/evaluation/evaluation-file.ts';
import { readCampaignFile } from '../../activities/planning/campaign-file.ts';
import { trainers } from '../../activities/training/trainers/registry.ts';
import { readTrainingFile } from '../../activities/training/training-file.ts';
import { harnesses } from '../../activities/rollout/harnesses/registry.ts';
import { parserNames } from '../../activities/verification/parse-log.ts';
import { readRuleFile } from '../../activities/scanning/scan-rule-file.ts';
import { scanRules } from '../../activities/scanning/scan-rules.ts';
import { commands } from '../../cli/commands.ts';
import { buildProgram } from '../../cli/program.ts';
import { Teacher } from '../../schemas/campaign.ts';
import { JobBackendSettings } from '../../schemas/job.ts';
import { PipelineFile } from '../../schemas/pipeline.ts';
import { projectRoot } from '../../platform/home.ts';
import { ScheduleFile } from '../../schemas/schedule.ts';
import { SourceFilters } from '../../schemas/source-filters.ts';
import { Task } from '../../schemas/task.ts';
import { codeBlocks, pages, shownCommands, wordsOf } from './code-blocks.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-docs-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const yamlBlocks = codeBlocks().filter(({ language }) => language === 'yaml');

describe('YAML in README and docs', () => {
  it('is found', () => {
    expect(yamlBlocks.length).toBeGreaterThan(3);
  });

  it.each(yamlBlocks)('at $place is what the product reads', async ({ text }) => {
    const path = join(folder, 'example.yaml');
    writeFileSync(path, text);
    await expect(read(path, z.record(z.string(), z.unknown()).parse(parse(text)))).resolves.not.toThrow();
  });
});

/** Reads an example by what kind of file it is; one of no known kind is a fault of the docs or of this list. */
async function read(path: string, fields: Record<string, unknown>): Promise<void> {
  if ('start' in fields) ScheduleFile.parse(fields);
  else if ('benchmark' in fields) await readEvaluationFile(path, harnesses);
  else if ('trainer' in fields) await readTrainingFile(path, trainers);
  else if ('harnesses' in fields) await readCampaignFile(path, harnesses);
  else if ('instance_id' in fields) {
    const task = Task.parse(fields);
    if (!parserNames().includes(task.install_config.log_parser)) throw new Error(`no parser ${task.install_config.log_parser}`);
  } else if ('source' in fields) SourceFilters.parse(fields['source']);
  else if ('base_url' in fields) Teacher.parse(fields);
  else if ('rules' in fields) await readRuleFile(path, scanRules);
  else if (Object.keys(fields).join() === 'backend') JobBackendSettings.parse(fields['backend']);
  else if ('training' in fields || 'evaluations' in fields) PipelineFile.parse(fields);
  else throw new Error(`no reader for an example with ${Object.keys(fields).join(', ')}`);
}

describe('command lines in README and docs', () => {
  const shown = shownCommands();

  it('are found', () => {
    expect(shown.length).toBeGreaterThan(30);
  });

  it.each(shown.map(({ place, args }) => ({ place, line: args.join(' '), args })))('$place: tracemill $line', async ({ args }) => {
    await expect(accept(args)).resolves.not.toThrow();
  });
});

describe('command lines in the help', () => {
  it.each(commands.map(({ name }) => name))('of %s are accepted', async (name) => {
    const program = await buildProgram([name]);
    const examples = everyCommand(program).flatMap((command) => examplesOf(helpOf(command)));
    for (const args of examples) await accept(args);
    expect(examples.length, 'examples in the help').toBeGreaterThan(0);
  });
});

describe('scripts of npm in README and docs', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')));
  const named = [
    ...new Set(
      pages().flatMap(({ text }) => [...text.matchAll(/npm (?:run ([\w:-]+)|(test))\b/g)].map((match) => match[1] ?? match[2] ?? '')),
    ),
  ];

  it.each(named)('%s exists', (name) => {
    expect(Object.keys(scripts)).toContain(name);
  });
});

/** Throws unless the command line is complete and its options and their values are right; nothing is run. */
async function accept(args: readonly string[]): Promise<void> {
  const placed = args.map((word) => placeholders[word] ?? word);
  // A command named without its operands, as running text does, must at least exist.
  const asked = placed.every((word) => /^[a-z-]+$/.test(word)) ? [...placed, '--help'] : placed;
  const program = await buildProgram(asked);
  for (const command of everyCommand(program)) {
    command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    // A group without operands has nothing to do of its own: to name it alone is an error.
    if (command.commands.length === 0 || command.registeredArguments.length > 0) command.action(() => undefined);
  }
  await program.parseAsync([...asked], { from: 'user' }).catch((error: unknown) => {
    if (!(error instanceof Error && 'exitCode' in error && error.exitCode === 0)) throw error;
  });
}

/** Words in capitals that stand for a number, or for one of a few names. */
const placeholders: Record<string, string> = { GB: '20', N: '20', PRESET: 'strict' };

function everyCommand(command: CommandUnknownOpts): CommandUnknownOpts[] {
  return [command, ...command.commands.flatMap(everyCommand)];
}

function helpOf(command: CommandUnknownOpts): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

function examplesOf(help: string): string[][] {
  return [...help.matchAll(/^ +\$ (?:[A-Z_]+=\S+ )*tracemill (.+)$/gm)].map((match) => wordsOf((match[1] ?? '').replace(/ [<>|].*$/, '')));
}
