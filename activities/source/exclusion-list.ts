import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { messageOf, Problem } from '../../schemas/problem.ts';

/** Tasks of one evaluation benchmark. */
export interface ExclusionList {
  /** File name without its ending. */
  name: string;
  /** Lower case. */
  ids: ReadonlySet<string>;
  /** `owner/name` in lower case, a space, the base commit. */
  states: ReadonlySet<string>;
}

const Entry = z.union([
  z.string(),
  z.looseObject({ instance_id: z.string().optional(), repo: z.string().optional(), base_commit: z.string().optional() }),
]);

/**
 * Reads a list of tasks: text with an id, or `owner/name commit`, a line (`#` begins a comment); JSONL or a
 * JSON list of ids or of rows with `instance_id`, `repo` and `base_commit`, such as a benchmark's own file.
 * Throws `Problem` bad_exclusion_list for a file that cannot be read or names no task.
 */
export function readExclusionList(path: string): ExclusionList {
  const ids = new Set<string>();
  const states = new Set<string>();
  for (const entry of entriesOf(path)) {
    const row = typeof entry === 'string' ? fromLine(entry) : entry;
    if (row.instance_id !== undefined) ids.add(row.instance_id.toLowerCase());
    if (row.repo !== undefined && row.base_commit !== undefined) states.add(`${row.repo.toLowerCase()} ${row.base_commit.toLowerCase()}`);
  }
  if (ids.size === 0 && states.size === 0) throw bad(path, 'it names no task');
  return { name: basename(path).replace(/(\.\w+)?(\.gz)?$/, ''), ids, states };
}

function entriesOf(path: string): z.infer<typeof Entry>[] {
  try {
    const text = textOf(path);
    if (text.trimStart().startsWith('[')) return z.array(Entry).parse(JSON.parse(text));
    const lines = text.split('\n').map((line) => line.trim());
    return lines.flatMap((line) => {
      if (line.startsWith('{')) return [Entry.parse(JSON.parse(line))];
      const bare = line.replace(/(^|\s)#.*$/, '').trim();
      return bare === '' ? [] : [bare];
    });
  } catch (error) {
    throw bad(path, messageOf(error));
  }
}

/** Throws for what is no text: a line of it would name a task that nobody has, and leave the real ones in. */
function textOf(path: string): string {
  const bytes = readFileSync(path);
  const packed = bytes.subarray(0, 2).equals(Buffer.from([0x1f, 0x8b]));
  const text = packed ? gunzipSync(bytes) : bytes;
  if (!isUtf8(text) || text.includes(0)) throw new Error('it is no text in UTF-8');
  return text.toString('utf8').replace(/^\uFEFF/, '');
}

function fromLine(line: string): { instance_id?: string; repo?: string; base_commit?: string } {
  const state = /^(\S+\/\S+)\s+([0-9a-f]{40})$/i.exec(line);
  return state?.[1] !== undefined && state[2] !== undefined ? { repo: state[1], base_commit: state[2] } : { instance_id: line };
}

function bad(path: string, detail: string): Problem {
  return new Problem('bad_exclusion_list', `${path} cannot be used as a list of evaluation tasks: ${detail}`, {
    hint: 'one instance id a line, or the benchmark’s rows as JSONL or a JSON list; as text, or packed by gzip',
  });
}
