import { readFile } from 'node:fs/promises';
import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml';
import { Problem } from '../../../../schemas/problem.ts';
import type { UserTexts } from '../../templates/text-source.ts';
import { reviewName } from './submission.ts';

/** Where an upstream configuration keeps each text. */
const textAt: Record<string, string> = {
  'agent.templates.system_template': 'system',
  'agent.templates.instance_template': 'instance',
  'agent.templates.next_step_template': 'next_step',
  'agent.templates.next_step_no_output_template': 'next_step_no_output',
  'agent.templates.next_step_truncated_observation_template': 'next_step_truncated',
  'agent.templates.command_cancelled_timeout_template': 'command_timeout',
  'agent.templates.shell_check_error_template': 'syntax_error',
  'agent.tools.parse_function.error_message': 'format_error',
  'agent.tools.format_error_template': 'format_error',
  'agent.tools.filter.blocklist_error_template': 'blocked',
};
const reviewsAt = ['agent.tools.registry_variables.SUBMIT_REVIEW_MESSAGES', 'tools.registry_variables.SUBMIT_REVIEW_MESSAGES'];

/** The texts of an upstream SWE-agent configuration; tools, models and limits in it are not taken over. */
export async function readConfigFile(file: string): Promise<UserTexts> {
  const lines = new LineCounter();
  const document = parseDocument(await readFile(file, 'utf8'), { lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined)
    throw new Problem('template_bad', `${file}:${error.linePos?.[0].line ?? 1}: not valid YAML: ${error.message.split('\n')[0]}`);
  const found: UserTexts = { texts: {}, without: [], unused: [] };
  const take = (name: string, scalar: Scalar<string>) => {
    const line = lines.linePos(scalar.range?.[0] ?? 0).line;
    const block = scalar.type === 'BLOCK_LITERAL' || scalar.type === 'BLOCK_FOLDED';
    found.texts[name] = { source: fromUpstream(scalar.value), file, line: block ? line + 1 : line };
  };
  for (const { path, node } of leaves(document.contents, '')) {
    const name = textAt[path];
    if (reviewsAt.includes(path) && isSeq(node)) {
      found.without.push(reviewName(0));
      for (const [stage, message] of node.items.entries()) {
        if (isText(message)) take(reviewName(stage), message);
      }
    } else if (name !== undefined && isText(node)) take(name, node);
    else found.unused.push(path);
  }
  return found;
}

/** Everything below a node that is no mapping, with its dotted path. */
function leaves(node: unknown, path: string): { path: string; node: Node }[] {
  if (!isMap(node)) return isScalar(node) || isSeq(node) ? [{ path, node }] : [];
  return node.items.flatMap((pair) => leaves(pair.value, [path, String(pair.key)].filter((part) => part !== '').join('.')));
}

function isText(node: unknown): node is Scalar<string> {
  return isScalar(node) && typeof node.value === 'string';
}

/** A cut observation arrives cut already, and slices are Python's. */
function fromUpstream(source: string): string {
  return source.replace(/\bobservation\[:\s*max_observation_length\s*\]/g, 'observation').replace(/\n$/, '');
}
