import type { Call } from '../conversation.ts';
import { baseName } from '../extraction/base-name.ts';
import type { Command } from '../extraction/command.ts';
import type { FileEffects } from './patch-text.ts';
import { isPatch, patchEffects } from './patch-text.ts';

const longest = 100_000;

/** What git itself says that a run did to the files of the commit: the hunks of its diff, and the files that it lists as gone. */
export function stateShown({ observation, raw }: Call, commands: readonly Command[]): FileEffects | undefined {
  if (!raw.includes('git') || observation.length > longest) return undefined;
  const asked = commands.filter(({ argv: [program = ''] }) => baseName(program) === 'git');
  if (asked.length === 0) return undefined;
  const diffs = asked.filter(({ argv }) => argv.includes('diff'));
  if (diffs.length > 0 && diffs.every(ofTheRun) && isPatch(observation))
    return patchEffects(observation.slice(observation.search(/^(?:diff --git|--- )/m)));
  if (!asked.some(({ argv }) => argv.includes('status'))) return undefined;
  const gone = [...observation.matchAll(/^(?: D|D |\s+deleted:\s+|deleted:\s+) ?([\w./@-]+)$/gm)];
  return gone.length === 0 ? undefined : { changes: [], removals: gone.map(([, path = '']) => ({ path, how: 'removed' })) };
}

/** A diff against the commit that the run stands on. */
function ofTheRun({ argv }: Command): boolean {
  const rest = argv.slice(argv.indexOf('diff') + 1);
  if (rest.some((word) => /^--(?:no-index|stat|name|numstat|summary|check|quiet|word-diff|color-words)|^-R$/.test(word))) return false;
  const end = rest.indexOf('--');
  const words = (end === -1 ? rest : rest.slice(0, end)).filter((word) => !word.startsWith('-'));
  return words.every((word) => word === 'HEAD' || (/[/.]/.test(word) && !word.includes('..') && !/^(?:origin|upstream)\//.test(word)));
}
