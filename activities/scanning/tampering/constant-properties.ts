import { type Change, changedLines, type Found } from './change.ts';
import { short } from './short.ts';

/** A property that holds whatever the product does, by the languages that have properties as plain functions. */
const constant = /^(prop_[^\s=]*)(?:\s+[\w-]+)*\s*=\s*(?:True|property True|\(\)\s*=== \(\))\s*(?:--.*)?$|^(prop_\w+)\(\)\s*->\s*true\.$/;

/** A property of tests, in a test or beside the code, that asks nothing any more. */
export function constantProperty(change: Change): Found[] {
  if (!change.after.includes('prop_') || change.before === '') return [];
  const { put } = changedLines(change);
  const lines = put.flatMap((line, at) => (line.endsWith('->') ? [`${line} ${put[at + 1] ?? ''}`] : [line]));
  // Of Erlang the head stays as it was.
  const head = /^(prop_\w+\(\)\s*->)\s*\n\s*true\.\s*$/m.exec(change.after)?.[1];
  const line =
    lines.find((one) => constant.test(one) && change.before.includes('prop_')) ??
    (head !== undefined && change.before.includes(head) && put.includes('true.') ? `${head} true.` : undefined);
  return line === undefined
    ? []
    : [{ kind: 'tests_loosened', severity: 'violation', evidence: `a property that always holds: ${short(line)}` }];
}
