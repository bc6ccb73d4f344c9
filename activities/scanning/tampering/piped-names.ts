import { baseName } from '../extraction/base-name.ts';
import type { Command } from '../extraction/command.ts';
import { runsTests } from './picked-tests.ts';
import type { CommandEffects } from './command-effects.ts';
import { dynamicText } from '../extraction/shell-syntax.ts';

const listers = new Set(['find', 'fd', 'fdfind', 'ls', 'grep', 'egrep', 'rg', 'git', 'echo', 'printf', 'awk', 'head', 'sort']);
const testName = /(?:^|[^a-z])(?:tests?|specs?)(?:$|[^a-z])|[a-z](?:Test|Spec)s?(?:$|[^a-z])/;

/** The names of tests by which earlier commands of a pipeline chose the files that `command` works on, as patterns of paths. */
export function namesPipedTo(command: Command, commands: readonly Command[]): string[] {
  const at = commands.indexOf(command);
  const names = commands.slice(Math.max(0, at - 6), at).flatMap(({ argv: [program = '', ...rest] }) => {
    if (!listers.has(baseName(program)) || (baseName(program) === 'git' && !/^(?:ls-files|grep|diff|ls-tree)$/.test(rest[0] ?? '')))
      return [];
    // What a filter leaves out is not what is passed on.
    if (/^(?:e?grep|rg)$/.test(baseName(program)) && rest.some((word) => /^-\w*v/.test(word))) return [];
    return rest.filter((word) => !word.startsWith('-') && !word.includes(dynamicText) && testName.test(word) && !/\s/.test(word));
  });
  return names.map(asPath);
}

/** A pattern of a filter as a path: `test_round` stands for a file of that name among tests. */
function asPath(word: string): string {
  const plain = word
    .replace(/\\([./])/g, '$1')
    .replace(/^\^|\$$/g, '')
    .replace(/\.\*/g, '*');
  return plain.includes('/') || /\.\w{1,6}$/.test(plain) ? plain : `tests/${plain.replace(/\*+$/, '')}*`;
}

/** Whether what a command works on are the files that a run of tests in the same call, whose failures were picked out, had named. */
export function failedBefore(command: Command, commands: readonly Command[]): boolean {
  const at = commands.indexOf(command);
  const before = commands.slice(Math.max(0, at - 8), at);
  const ran = before.findLastIndex((one) => runsTests(one));
  const since = ran === -1 ? [] : before.slice(ran + 1);
  return (
    since.every(({ argv: [program = ''] }) => passesOn.has(baseName(program))) &&
    since.some(({ argv: [, ...rest] }) => rest.some((word) => /fail/i.test(word)))
  );
}

/** Programs that pass on what they are given. */
const passesOn = new Set('grep egrep rg awk gawk sed cut sort uniq head tail tr tee xargs tac'.split(' '));

/** The changes of files that a pipeline names, by what it chose them by. */
export function withPipedNames(effects: CommandEffects, names: () => string[]): CommandEffects {
  if (!effects.changes.some(({ path }) => path === dynamicText)) return effects;
  const [path] = names();
  return path === undefined
    ? effects
    : { ...effects, changes: effects.changes.map((change) => (change.path === dynamicText ? { ...change, path } : change)) };
}
