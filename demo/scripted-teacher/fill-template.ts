import { Problem } from '../../schemas/problem.ts';

/** Replaces `${{name}}` by its value. The rare spelling leaves shell, Jinja and Go templates in scripts alone. */
export function fillTemplate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{\s*(\w+)\s*\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new Problem('script_value_missing', `a teacher script uses \${{${name}}}, which has no value`, {
        hint: `known here: ${Object.keys(values).join(', ')}; add it under "values" or as a named group of match.pattern`,
      });
    }
    return value;
  });
}
