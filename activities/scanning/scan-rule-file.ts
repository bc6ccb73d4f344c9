import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { ScanRule } from '../../schemas/scan-rule.ts';

const RuleFile = z.strictObject({
  /** Ids of built-in rules that are left out. */
  without: z.array(z.string()).default([]),
  /** Rules beside the built-in ones; one with the id of a built-in rule replaces it. */
  rules: z.array(ScanRule).default([]),
});

/** Reads a YAML file of rules over the given ones. Throws `Problem` bad_rules with the field that is wrong. */
export async function readRuleFile(path: string, builtIn: readonly ScanRule[]): Promise<ScanRule[]> {
  let value: unknown;
  try {
    value = parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Problem('bad_rules', `${path}: ${messageOf(error)}`, { hint: 'docs/scanner.md shows the form of a rule file' });
  }
  const read = RuleFile.safeParse(value);
  if (!read.success) {
    throw new Problem('bad_rules', `${path}: ${z.prettifyError(read.error)}`, { hint: 'docs/scanner.md shows the form of a rule file' });
  }
  const { without, rules } = read.data;
  const missing = without.find((id) => !builtIn.some((rule) => rule.id === id));
  if (missing !== undefined) throw new Problem('bad_rules', `${path}: there is no rule ${missing} to leave out`);
  const replaced = new Set([...without, ...rules.map(({ id }) => id)]);
  return [...builtIn.filter(({ id }) => !replaced.has(id)), ...rules];
}
