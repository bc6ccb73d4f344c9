import { readFile } from 'node:fs/promises';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { messageOf, Problem } from '../schemas/problem.ts';

/** Something wrong with a value: where in it, and what. */
export interface ValueIssue {
  path: readonly PropertyKey[];
  message: string;
}

/** A file that people write, and where in its text each of its values stands. */
export interface YamlFile {
  value: unknown;
  /** `<file>:<line>:<column>: <field>: <message>`. */
  describe(issue: ValueIssue): string;
  /** A `Problem` with one line for each of these. */
  problem(issues: readonly ValueIssue[]): Problem;
}

/**
 * Reads a YAML file (or JSON, which is YAML). `code` and `hint` are those of the `Problem` that it throws for a file that
 * cannot be read (`kind` says what was wanted) or is no YAML, with line and column of everything wrong with it.
 */
export async function readYamlFile(
  path: string,
  { code, hint, kind = 'YAML' }: { code: string; hint: string; kind?: string },
): Promise<YamlFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new Problem(code, `${path} cannot be read: ${messageOf(error)}`, { hint: `give the path of a ${kind} file` });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${path}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw new Problem(code, document.errors.map((error) => `${place(error.pos[0])}: ${error.message}`).join('\n'), { hint });
  }
  const describe = ({ path: field, message }: ValueIssue) =>
    `${place(offsetOf(document, field))}: ${field.length === 0 ? 'the file' : field.map(String).join('.')}: ${message}`;
  return {
    value: document.toJS(),
    describe,
    problem: (issues) => new Problem(code, issues.map(describe).join('\n'), { hint }),
  };
}

/** Where the node at `path`, or the nearest one around it that exists, begins in the text. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length).map(String), true);
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) return Number(node.range[0]);
  }
  return 0;
}
