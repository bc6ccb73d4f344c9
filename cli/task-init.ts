import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { stringify } from 'yaml';
import { datasetLanguages } from '../schemas/names.ts';
import { messageOf, Problem } from '../schemas/problem.ts';
import { interruption } from './interrupt.ts';
import type { OwnTaskWish } from './make-own-task.ts';
import { note, printResult } from './output.ts';
import { requireWritable, writeTaskFile } from './task-file.ts';

/** `tracemill task init`: a task file, and its image, out of a change in a repository of one's own or of two releases of a package. */
export function taskInitCommand() {
  return new Command('init')
    .description(
      'Makes a task out of a change: a commit, two commits, or two releases of a package. Makes its image, finds its expected tests by running them, checks that it passes the gate, and writes it as a plain task file.',
    )
    .argument('[repository]', 'folder of the git repository', '.')
    .option('--commit <commit>', 'the change with its tests; its parent is the state before')
    .option('--base <commit>', 'state before the change, with --head')
    .option('--head <commit>', 'state with the change and its tests')
    .option(
      '--before <archive...>',
      'release before the change (.tar.gz, .tgz, .crate, .zip; of Maven .pom, -sources.jar and -test-sources.jar), in place of a repository',
    )
    .option('--after <archive...>', 'release with the change and its tests')
    .option('--image <name>', 'an image that has the repository at the base commit and all that its tests need; nothing is made then')
    .option('--dockerfile <file>', 'makes the image; its context is the repository at the base commit')
    .option('--from <image>', 'base image; by default the toolchain image of the bootstrap')
    .option('--install <line...>', 'what the tests need, in place of what the repository’s files show; runs in the image with the network')
    .option('--test <command...>', 'what runs the tests, in place of what the repository’s files show')
    .option('--parser <name>', 'log parser, e.g. parse_log_pytest')
    .addOption(new Option('--language <language>', 'instead of the one that most changed files are written in').choices(datasetLanguages))
    .option('--repo <owner/name>', 'instead of the one that remote or package files name')
    .option('--workdir <folder>', 'where the repository lies in the image, instead of /name')
    .option('--statement <file>', 'problem statement, instead of the commit messages or what was added to the change log')
    .option('--license <identifier>', 'SPDX identifier, instead of what package files or the licence file say')
    .option('--leave-out <path...>', 'files or folders whose changes are no part of the task')
    .option('--timeout <seconds>', 'limit of one test run', seconds, 1800)
    .option('--gate-runs <number>', 'times that the gold patch has to pass; 0 does not ask', runs, 2)
    .option('--output <file>', 'where to write the task; standard output by default')
    .addHelpText(
      'after',
      `
Examples:
  $ tracemill task init . --commit HEAD --output task.yaml
  $ tracemill task init ~/parser --base v1.2.0 --head v1.2.1 --from golang:1.24 --output parser.yaml
  $ tracemill task init . --commit 3f0d1c2 --dockerfile Dockerfile --test "make check" --parser parse_log_jq --output task.yaml
  $ tracemill task init --before parser-1.2.0.tar.gz --after parser-1.2.1.tar.gz --leave-out docs --output parser.yaml
  $ tracemill task init . --base v1.2.0 --head v1.2.1 --image parser:base --test "python -m pytest -rA" --parser parse_log_pytest

Language, test command, log parser, install lines, licence and name are read from the repository; what it does not show is
asked for. The image has the repository at the base commit with nothing later. Install lines get this machine's proxies and
certificates; containers of agents and tests have no network.`,
    )
    .action(async (repository, options, command) => {
      refuseTogether(options, 'image', 'dockerfile', 'from');
      refuseTogether(options, 'image', 'install');
      const wish: OwnTaskWish = {
        change: changeOf(repository, options),
        image: options.image,
        dockerfile: options.dockerfile,
        from: options.from,
        install: options.install,
        test: options.test,
        parser: options.parser,
        language: options.language,
        repo: options.repo,
        workdir: options.workdir,
        statement: options.statement === undefined ? undefined : readStatement(options.statement),
        license: options.license,
        leaveOut: options.leaveOut,
        timeoutMs: options.timeout * 1000,
        gateRuns: options.gateRuns,
        tell: note,
        signal: interruption(),
      };
      if (options.output !== undefined) requireWritable(options.output);
      if (options.parser !== undefined) await requireParser(options.parser);
      const stopping = 'stopping: nothing is written. The same command begins again; a finished image is taken as it is';
      wish.signal.addEventListener('abort', () => note(stopping), { once: true });
      const { makeOwnTask } = await import('./make-own-task.ts');
      const { task, remarks } = await makeOwnTask(wish);
      for (const { code, message, hint } of remarks) note(`remark ${code}: ${message}\n  ${hint}`);
      if (options.output === undefined) return printResult(command, task, () => stringify(task, { lineWidth: 0 }).trimEnd());
      const before = writeTaskFile(options.output, task);
      if (before !== undefined) note(`what ${options.output} was before is in ${before}`);
      const { instance_id, image_name, FAIL_TO_PASS, PASS_TO_PASS } = task;
      printResult(
        command,
        { file: options.output, instance_id, image_name, FAIL_TO_PASS, PASS_TO_PASS, remarks },
        `${options.output}: ${instance_id}, ${FAIL_TO_PASS.length} tests to fix, ${PASS_TO_PASS.length} to keep\nrun it: tracemill run ${options.output} --model NAME --base-url URL`,
      );
    });
}

interface ChangeOptions {
  commit?: string | undefined;
  base?: string | undefined;
  head?: string | undefined;
  before?: string[] | undefined;
  after?: string[] | undefined;
}

function changeOf(repository: string, { commit, base, head, before, after }: ChangeOptions): OwnTaskWish['change'] {
  const ways = [commit !== undefined, base !== undefined || head !== undefined, before !== undefined || after !== undefined];
  if (ways.filter(Boolean).length === 1) {
    if (commit !== undefined) return { repository, base: undefined, head: commit };
    if (base !== undefined && head !== undefined) return { repository, base, head };
    if (before !== undefined && after !== undefined) return { before, after };
  }
  throw new Problem('bad_arguments', 'it is not clear which change the task is made of', {
    hint: 'give --commit; or --base and --head; or --before and --after',
  });
}

function refuseTogether<T extends object>(options: T, ...names: (keyof T & string)[]): void {
  const given = names.filter((name) => options[name] !== undefined);
  if (given.length < 2) return;
  throw new Problem('bad_arguments', `${given.map((name) => `--${name}`).join(' and ')} do not go together`, {
    hint: '--image names a finished image, --dockerfile or --from what one is made of',
  });
}

/** A name that no parser has would be found out after the image is made and the tests have run. */
async function requireParser(name: string): Promise<void> {
  const [{ parserNames }, { nearestName }] = await Promise.all([
    import('../activities/verification/index.ts'),
    import('../platform/nearest-name.ts'),
  ]);
  const names = parserNames();
  if (names.includes(name)) return;
  const near = nearestName(name, names);
  throw new Problem('bad_arguments', `--parser: no log parser is called ${name}${near === undefined ? '' : `; did you mean ${near}?`}`, {
    hint: 'tracemill parse-log --list shows the parsers, docs/parsers.md their tools',
  });
}

function readStatement(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Problem('bad_arguments', `--statement ${file}: ${messageOf(cause)}`, { cause, hint: 'give the path of a text file' });
  }
}

function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('a number of seconds above 0');
  return value;
}

function runs(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 20) throw new InvalidArgumentError('a whole number from 0 to 20');
  return value;
}
