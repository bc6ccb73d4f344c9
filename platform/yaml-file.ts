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
  /** `<file>:<line>:<column>: <field>: <message>`, or `<field>: <message>` where there is no file. */
  describe(issue: ValueIssue): string;
  /** A `Problem` with one line for each of these. */
  problem(issues: readonly ValueIssue[]): Problem;
}

interface YamlWish {
  code: string;
  hint: string;
  kind?: string;
}

/**
 * Reads a YAML file (or JSON, which is YAML). `code` and `hint` are those of the `Problem` that it throws for a file that
 * cannot be read (`kind` says what was wanted) or is no YAML, with line and column of everything wrong with it.
 */
export async function readYamlFile(path: string, wish: YamlWish): Promise<YamlFile> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const { code, kind = 'YAML' } = wish;
    throw new Problem(code, `${path} cannot be read: ${messageOf(error)}`, { hint: `give the path of a ${kind} file` });
  });
  return readYamlText(text, wish, path);
}

/** As {@link readYamlFile}, of a text; without `path`, since it stands in no file yet, places are left out. */
export function readYamlText(text: string, { code, hint }: YamlWish, path?: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return path === undefined ? '' : `${path}:${line}:${col}: `;
  };
  if (document.errors.length > 0) {
    throw new Problem(code, document.errors.map((error) => `${at(error.pos[0])}${error.message}`).join('\n'), { hint });
  }
  const describe = ({ path: field, message }: ValueIssue) =>
    `${at(offsetOf(document, field))}${field.length === 0 ? 'the file' : field.map(String).join('.')}: ${message}`;
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
