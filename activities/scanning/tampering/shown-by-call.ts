import type { Call } from '../conversation.ts';
import type { Command } from '../extraction/command.ts';
import { baseName } from '../extraction/base-name.ts';

/** What a call printed of a file. */
export interface Printed {
  path: string;
  text: string;
  /** The number of its first line; undefined where all of the file was asked for. */
  from?: number;
  /** Other commands of the call print, too. */
  mixed?: boolean;
}

const silent = new Set(['cd', 'pushd', 'popd', 'set', 'export', 'source', '.', 'true', 'sed -i', 'mkdir', 'touch', 'chmod']);
const shows = new Set(['cat', 'nl', 'bat', 'batcat', 'view', 'less', 'more', 'head', 'tail', 'sed', 'grep', 'rg', 'git']);

/** The file of those that `wanted` names whose text a call printed, if it is one alone. */
export function shownBy({ args, observation }: Call, commands: readonly Command[], wanted: (path: string) => boolean): Printed[] {
  if (observation === '' || observation.length > 400_000 || commands.length > 8) return [];
  const found: Printed[] = [];
  let others = 0;
  for (const { argv, via } of commands) {
    const [program = '', ...rest] = argv;
    const name = baseName(program);
    if (silent.has(name) || (name === 'sed' && rest.some((arg) => /^-\w*i/.test(arg)))) continue;
    others += 1;
    if (!shows.has(name)) continue;
    const one = name === 'git' ? ofGit(rest) : printedBy(name, rest, via.length > 0 ? args : undefined);
    if (one !== undefined && wanted(one.path)) found.push({ ...one, text: observation });
  }
  const [only] = found;
  if (only === undefined || found.length > 1) return [];
  return [others > 1 ? { ...only, mixed: true } : only];
}

function printedBy(name: string, rest: string[], args: Record<string, unknown> | undefined): Omit<Printed, 'text'> | undefined {
  const words = rest.filter((arg) => !arg.startsWith('-'));
  const path = words.at(-1);
  if (path === undefined) return undefined;
  switch (name) {
    case 'view': {
      const range: unknown = args?.['view_range'] ?? args?.['offset'] ?? args?.['start_line'];
      const from = Number(Array.isArray(range) ? range[0] : (range ?? Number.NaN));
      const part = args !== undefined && ['limit', 'end_line', 'view_range'].some((key) => args[key] !== undefined && args[key] !== null);
      return Number.isInteger(from) ? { path, from: Math.max(1, from) } : part ? { path, from: 1 } : { path };
    }
    case 'head':
      return { path, from: 1 };
    case 'tail':
      return undefined;
    case 'sed': {
      const from = /^(\d+)(?:,(?:\d+|\$))?p$/.exec(words[0] ?? '')?.[1];
      return words.length === 2 && rest.includes('-n') && from !== undefined ? { path, from: Number(from) } : undefined;
    }
    case 'grep':
    case 'rg':
      return rest.some((arg) => /^-\w*n/.test(arg)) && words.length === 2 ? { path, from: 1 } : undefined;
    default:
      return words.length === 1 ? { path } : undefined;
  }
}

function ofGit(rest: string[]): Omit<Printed, 'text'> | undefined {
  const path = /^(?:HEAD|[0-9a-f]{7,40})?:(.+)$/.exec(rest.at(-1) ?? '')?.[1];
  return rest.includes('show') && path !== undefined ? { path } : undefined;
}
