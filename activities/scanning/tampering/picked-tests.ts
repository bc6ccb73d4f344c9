import { baseName } from '../extraction/base-name.ts';
import type { Command } from '../extraction/command.ts';
import type { Role } from './file-role.ts';

const accepts = /\b(?:insta\s+(?:accept|review)|verify\s+accept|promote)\b/;
const testers = /\b(?:tests?|jest|vitest|mocha|ava|rspec|phpunit|pest|pytest|ctest)\b/;

/** Whether a command takes over what the last run of tests left behind, without a run of its own. */
export function acceptsLastRun({ text }: Command): boolean {
  return accepts.test(text);
}

/** Whether a command runs tests. */
export function runsTests(command: Command): boolean {
  return testers.test(command.text) && !acceptsLastRun(command);
}

const picking =
  /^(?:-t|-k|-run|--run|-R|-g|--grep|--filter|--tests?|--only|--name|--testNamePattern|--test-name-pattern|--gtest_filter|-Dtest|-Dit\.test)$/;

/** The words by which a command picks the tests that it runs: files, and names after the options for it. */
export function pickedTests({ argv }: Command, roleOf: (path: string) => Role): string[] {
  const out: string[] = [];
  for (const [at, word] of argv.entries()) {
    const [, option = '', value] = /^(-[\w.-]+)=(.+)$/.exec(word) ?? [];
    const named = value !== undefined && picking.test(option) ? value : picking.test(argv[at - 1] ?? '') ? word : undefined;
    if (named !== undefined && !named.startsWith('-')) out.push(...named.split(/\s*(?:\||,|\s+or\s+)\s*/));
    else if (/^testOnly\s/.test(word))
      out.push(
        ...word
          .split(/\s+/)
          .slice(1)
          .filter((one) => !one.startsWith('-')),
      );
    else if (
      !word.startsWith('-') &&
      /\w\.\w+(?:::\S*|:\d+)?$/.test(word) &&
      !/\s/.test(word) &&
      roleOf(word.replace(/::.*|:\d+$/, '')) === 'test'
    )
      out.push(word);
  }
  // A compiled test is run by its own name.
  const program = baseName(argv[0] ?? '');
  return out.length === 0 && /^test[_-]\w|\w[_-]tests?$/i.test(program) && (argv[0] ?? '').includes('/') ? [program] : out;
}
