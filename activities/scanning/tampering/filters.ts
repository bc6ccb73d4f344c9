import type { Command } from '../extraction/command.ts';
import { plainPattern, sedSteps, type Step } from './stream-edits.ts';

const filters = new Set(['sed', 'gsed', 'grep', 'egrep', 'fgrep', 'rg', 'awk', 'gawk', 'mawk', 'jq', 'gojq', 'jaq', 'yq']);

/** What a filter takes out of or changes in the text that it passes on, and the file that it writes; undefined where it is none. */
export function filtered(program: string, { argv, text }: Command): { target: string; steps: Step[] } | undefined {
  if (!filters.has(program) || !text.includes('>')) return undefined;
  const target = /^[\s\S]*(?:^|[^>&\d=-])>\s*(["']?)([^\s"'|;&<>]+)\1/.exec(text)?.[2];
  if (target === undefined || target.startsWith('/dev/')) return undefined;
  const steps = stepsOf(program, argv.slice(1));
  return steps.length === 0 ? undefined : { target, steps };
}

function stepsOf(program: string, args: string[]): Step[] {
  const words = args.filter((arg) => !arg.startsWith('-'));
  const [script = ''] = words;
  if (program.endsWith('q')) return [...script.matchAll(leavesItemsOut)].map((match) => taken((match[1] ?? match[2] ?? '').trim()));
  if (program.endsWith('sed'))
    return sedSteps(
      script,
      args.some((arg) => /^-\w*[Er]|^--regexp-extended/.test(arg)),
    );
  if (program.endsWith('awk'))
    return [
      ...[...script.matchAll(/!\s*\/((?:[^/\\]|\\.)+)\//g)].map((match) => taken(match[1] ?? '')),
      // A passage that a flag leaves out, from the line that sets it.
      ...[...script.matchAll(/\/((?:[^/\\]|\\.)+)\/\s*\{\s*(\w+)\s*=\s*1\b[^}]*\}/g)].flatMap((match) =>
        new RegExp(`!\\s*${match[2] ?? ''}\\b`).test(script) ? [taken(match[1] ?? '')] : [],
      ),
      ...[...script.matchAll(/\bg?sub\s*\(\s*\/((?:[^/\\]|\\.)+)\/\s*,\s*"((?:[^"\\]|\\.)*)"/g)].map((match) => ({
        before: plainPattern(match[1] ?? ''),
        after: plainPattern(match[2] ?? '').replace(/&/g, plainPattern(match[1] ?? '')),
      })),
      // A line that is printed in the place of the one found.
      ...[...script.matchAll(/\/((?:[^/\\]|\\.)+)\/\s*(?:&&[^{]*)?\{[^"]*\bprintf?\s*\(?\s*"((?:[^"\\]|\\.)*)"[^"}]*\bnext\b/g)].map(
        (match) => ({
          before: plainPattern(match[1] ?? ''),
          after: plainPattern(match[2] ?? ''),
        }),
      ),
      // The line found goes on with a text of its own behind a part of it.
      ...[...script.matchAll(/\/((?:[^/\\]|\\.)+)\/\s*\{[^}]*\bprint\s+(?:\$\d+|\w+\[\d+\])\s+"((?:[^"\\]|\\.)*)"[^}]*\bnext\b/g)].map(
        (match) => ({
          before: plainPattern(match[1] ?? ''),
          after: plainPattern(match[1] ?? '') + (match[2] ?? ''),
        }),
      ),
    ];
  return args.some((arg) => /^-\w*v|^--invert-match/.test(arg)) ? script.split(/\\?\|/).map(taken) : [];
}

/** Items of data that a query leaves out: by what they are not to be, or by their place. */
const leavesItemsOut = /\bselect\(\s*(\.[\w.[\]"]+\s*!=\s*[^)]+)\)|\bselect\((?=[^)]*\|\s*not\b)([^)]+)\)/g;

function taken(pattern: string): Step {
  return { before: plainPattern(pattern), after: '' };
}
