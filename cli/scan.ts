import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { SecondJudge, UnitResult } from '../activities/scanning/index.ts';
import { Problem } from '../schemas/problem.ts';
import type { ScanContext } from '../schemas/scan-context.ts';
import { ScanPreset, usualScanPreset } from '../schemas/scan-preset.ts';
import type { ScanRule } from '../schemas/scan-rule.ts';
import { judgingText } from './judging-text.ts';
import { note, wantsJson } from './output.ts';
import { judgeChoiceOf, withJudgeOptions, withSecondJudge } from './second-judge.ts';
import { interruption } from './interrupt.ts';
import { reportScan, scanFailures, scanFormats } from './scan-report.ts';

/** `tracemill scan INPUT…`: the trajectory scanner on trajectories of any tool. */
export function scanCommand() {
  const command = new Command('scan')
    .description(
      'Finds git hacking and similar cheating in trajectories: JSONL, JSON and Parquet files, directories, or - for JSONL on standard input.',
    )
    .argument('[input...]', 'files, directories, http(s) addresses, or -')
    .option('--command <command>', 'scan this one shell command instead')
    .addOption(new Option('--format <form>', 'table for people, one JSON line a row, or SARIF').choices(scanFormats))
    .addOption(
      new Option('--preset <name>', 'rules of the paper, or of its follow-up').choices(ScanPreset.options).default(usualScanPreset),
    )
    .option('--rules <file>', 'YAML file with rules to add, replace or leave out')
    .addOption(new Option('--fail-on <what>', 'exit with 1 when there is any').choices(scanFailures).default('never' as const))
    .option('--no-memory-model', 'leave out the text classifier of the category MEMORY, which takes most of the time')
    .option('--jobs <n>', 'threads', positive, availableParallelism())
    .option('--repo <owner/name>', 'the project that the trajectories work on, where rows do not say')
    .option('--base <commit>', 'the base commit, where rows do not say')
    .option('--cleaned', 'history was removed from the images');
  return withJudgeOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ tracemill scan trajectories/ --format table
  $ tracemill scan train-00000-of-00084.parquet > findings.jsonl
  $ tracemill scan rows.jsonl.gz --fail-on violation
  $ ssh host cat rows.jsonl.zst | tracemill scan -
  $ tracemill scan --command 'git log --all --oneline'
  $ tracemill scan runs/ --judge https://api.example.com/v1#reviewer-1 --judge-key-env EXAMPLE_KEY --judge-budget '$2'`,
    )
    .action(async (inputs, options, command) => {
      const choice = judgeChoiceOf(command);
      const { readRuleFile } = await import('../activities/scanning/index.ts');
      const { scanRules } = await import('../activities/scanning/index.ts');
      const rules = options.rules === undefined ? [...scanRules] : await readRuleFile(options.rules, scanRules);
      const context: ScanContext = {
        preset: options.preset,
        memory_model: options.memoryModel,
        ...(options.repo === undefined ? {} : { repo: options.repo }),
        ...(options.base === undefined ? {} : { base_commit: options.base }),
        ...(options.cleaned === undefined ? {} : { image_cleaned: true }),
      };
      if (inputs.length === 0 && options.command === undefined) {
        throw new Problem('bad_input', 'nothing to scan', { hint: 'give files, directories, - or --command' });
      }
      const format =
        options.format ?? (wantsJson(command) ? 'jsonl' : process.stdout.isTTY || options.command !== undefined ? 'table' : 'jsonl');
      if (options.command !== undefined) {
        if (choice.judge !== undefined)
          throw new Problem('bad_usage', '--judge decides on trajectories, not on one command', { hint: 'leave out --judge or --command' });
        await reportScan([await scanOne(options.command, context, rules)], format, rules, options.failOn);
        return;
      }
      await withSecondJudge(choice, async (judge) => {
        await reportScan(scanFiles(inputs, { context, rules, jobs: options.jobs }, judge), format, rules, options.failOn);
        const total = judge?.total ?? null;
        if (total !== null) note(`second judge: ${judgingText(total)}`);
      });
    });
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 256) throw new InvalidArgumentError('a number from 1 to 256');
  return number;
}

async function* scanFiles(
  inputs: string[],
  options: { context: ScanContext; rules: ScanRule[]; jobs: number },
  judge: SecondJudge | undefined,
): AsyncGenerator<UnitResult> {
  const { inputFiles, reviewResults, scanInputs } = await import('../activities/scanning/index.ts');
  const files = await inputFiles(inputs.filter((input) => input !== '-'));
  const streams = inputs.includes('-') ? [{ stream: process.stdin, name: 'standard input' }] : [];
  const progress = new Progress(files.reduce((sum, { size }) => sum + size, 0));
  const scanned = scanInputs([...files, ...streams], { ...options, ...(judge && { passages: judge.terms.categories }) });
  for await (const result of judge === undefined ? scanned : reviewResults(scanned, judge, interruption())) {
    progress.add(result);
    yield result;
  }
  progress.end();
}

async function scanOne(text: string, context: ScanContext, rules: ScanRule[]): Promise<UnitResult> {
  const { loadGrammars } = await import('../activities/syntax/grammars.ts');
  const { scanCommand: scan } = await import('../activities/scanning/index.ts');
  await loadGrammars();
  const found = scan(text, context, rules);
  return {
    number: 0,
    lines: `${JSON.stringify(found)}\n`,
    rows: 1,
    accused: found.git_hack_attempted ? 1 : 0,
    bad: [],
    damaged: [],
    unread: [],
    bytes: text.length,
    done: true,
  };
}

/** One line on a terminal, rewritten a few times a second; silent elsewhere. */
class Progress {
  readonly #total: number;
  readonly #started = performance.now();
  #bytes = 0;
  #rows = 0;
  #accused = 0;
  #shown = 0;

  constructor(total: number) {
    this.#total = total;
  }

  add({ bytes, rows, accused }: UnitResult): void {
    this.#bytes += bytes;
    this.#rows += rows;
    this.#accused += accused;
    const now = performance.now();
    if (!process.stderr.isTTY || now - this.#shown < 200) return;
    this.#shown = now;
    const speed = this.#bytes / 1e6 / ((now - this.#started) / 1000);
    // What is packed has more bytes than its file.
    const share = this.#total === 0 ? '' : `${Math.min(99, Math.floor((100 * this.#bytes) / this.#total))} % `;
    process.stderr.write(`\r\u001B[K${share}${this.#rows} rows, ${this.#accused} with violations, ${speed.toFixed(0)} MB/s`);
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001B[K');
  }
}
