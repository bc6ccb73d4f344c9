import { readFileSync, writeFileSync } from 'node:fs';
import { Command, Option } from '@commander-js/extra-typings';
import { stringify } from 'yaml';
import { dockerEngine } from '../activities/engine/docker-engine.ts';
import { engineOfHome } from '../activities/sandbox/index.ts';
import { taskInit } from '../activities/source/index.ts';
import { findExpectedTests } from '../activities/verification/index.ts';
import { home } from '../platform/home.ts';
import { datasetLanguages } from '../schemas/names.ts';
import { Task } from '../schemas/task.ts';
import { note, printResult } from './output.ts';

/** `tracemill task init`: a task file out of two commits of one's own repository. */
export function taskInitCommand() {
  return new Command('init')
    .description(
      'Makes a task out of two commits of a repository of your own, finds its expected tests by running them, and writes it as a plain task file.',
    )
    .argument('<repository>', 'folder of the git repository')
    .requiredOption('--base <commit>', 'state before the change')
    .requiredOption('--head <commit>', 'state with the change and its tests')
    .requiredOption('--image <name>', 'image with the repository at the base commit and all that its tests need')
    .requiredOption('--test <command...>', 'what runs the tests')
    .requiredOption('--parser <name>', 'log parser, e.g. parse_log_pytest')
    .addOption(new Option('--language <language>', 'instead of the one that most changed files are written in').choices(datasetLanguages))
    .option('--repo <owner/name>', 'instead of the one that the remote origin names')
    .option('--workdir <folder>', 'where the repository lies in the image, instead of /name')
    .option('--statement <file>', 'problem statement, instead of the commit messages')
    .option('--license <identifier>', 'SPDX identifier of the repository’s licence')
    .option('--timeout <seconds>', 'limit of one test run', Number, 1800)
    .option('--output <file>', 'where to write the task; standard output by default')
    .addHelpText(
      'after',
      '\nExample:\n  $ tracemill task init . --base v1.2.0 --head v1.2.1 --image parser:base --test "python -m pytest -rA" --parser parse_log_pytest --output parser.yaml',
    )
    .action(async (repository, options, command) => {
      const draft = await taskInit({
        repository,
        base: options.base,
        head: options.head,
        image: options.image,
        testCommands: options.test,
        logParser: options.parser,
        language: options.language,
        repo: options.repo,
        workdir: options.workdir,
        license: options.license,
        problemStatement: options.statement === undefined ? undefined : readFileSync(options.statement, 'utf8'),
      });
      note(`${draft.instance_id}: running the tests without and with the change`);
      const expected = await findExpectedTests({
        engine: engineOfHome(dockerEngine(), home()),
        task: draft,
        image: draft.image_name,
        timeoutMs: options.timeout * 1000,
      });
      const task = Task.parse({ ...draft, ...expected });
      const text = stringify(task, { lineWidth: 0 });
      if (options.output === undefined) return printResult(command, task, text.trimEnd());
      writeFileSync(options.output, text);
      printResult(
        command,
        { file: options.output, instance_id: task.instance_id, ...expected },
        `${options.output}: ${expected.FAIL_TO_PASS.length} tests to fix, ${expected.PASS_TO_PASS.length} to keep`,
      );
    });
}
