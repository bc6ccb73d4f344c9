import nunjucks from 'nunjucks';
import { messageOf, Problem } from '../../../schemas/problem.ts';

/** Says one of a harness's texts: its name, and the values that its template may use. */
export type Say = (name: string, values: Record<string, unknown>) => string;

// Without a loader, include, import and extends find nothing: a template reads no file.
const environment = new nunjucks.Environment([], { autoescape: false, throwOnUndefined: true });
const compiled = new Map<string, nunjucks.Template>();

/** Texts by name, compiled once for all rollouts that use the same source. Throws `Problem` template_failed. */
export function speaker(texts: Record<string, string>): Say {
  return (name, values) => {
    const source = texts[name];
    if (source === undefined) throw new Problem('template_failed', `there is no template ${name}`);
    return render(name, source, values);
  };
}

/** Renders one template. Throws `Problem` template_failed with line and column of the template. */
export function render(name: string, source: string, values: Record<string, unknown>): string {
  try {
    return compile(name, source).render(values);
  } catch (error) {
    const { line, what } = place(error);
    throw new Problem('template_failed', `template ${name}${line === undefined ? '' : `, line ${line}`}: ${what}`, { cause: error });
  }
}

/** Where in its template an error lies (line from 1, where known) and what it says. */
export function place(error: unknown): { line: number | undefined; what: string } {
  if (error instanceof Problem && error.cause !== undefined) return place(error.cause);
  const text = messageOf(error);
  const line = /\[Line (\d+), Column \d+\]/.exec(text)?.[1];
  const what = text
    .replace(/^\([^)]*\)\s*(\[Line \d+, Column \d+\])?/, '')
    .replace(/\s+/g, ' ')
    .trim();
  return { line: line === undefined ? undefined : Number(line), what: what.replace(/^(Template render error: )?Error: /, '') };
}

function compile(name: string, source: string): nunjucks.Template {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const template = new nunjucks.Template(source, environment, name, true);
  compiled.set(source, template);
  return template;
}
