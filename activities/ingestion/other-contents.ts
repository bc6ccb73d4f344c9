import { otherFormOf } from '../tables/packed.ts';
import { type Contents, endsIn } from './contents.ts';

/** What text that is no JSON seems to be: the name, how it begins, and what to do instead. */
const texts: [form: string, pattern: RegExp, instead: string][] = [
  ['a chat history of Aider', /^# aider chat started at/im, 'Aider keeps no tool calls in it: give its --llm-history-file as messages'],
  ['HTML', /^\s*<(?:!doctype html|html)\b/i, 'give the JSON that the page was made of'],
  ['XML', /^\s*<\?xml\b/i, 'write it as JSON lines'],
  ['a patch', /^(?:diff --git |--- a\/|From [0-9a-f]{40} )/, 'a trajectory is messages or events'],
  ['YAML', /^(?:#.*\n)+[\w.-]+:(?:\s|$)/, 'write it as JSON'],
  ['Markdown', /^(?:---\n[\s\S]{0,2000}?\n---\n|#{1,3} \S)/, 'give the JSON that it was made of'],
  ['YAML', /^(?:---|[\w.-]+:)(?:\s|$)/, 'write it as JSON'],
];

/** Why contents that are neither JSON nor Parquet are not read, with what they seem to be. */
export function otherContents({ name, head }: Contents): string {
  const known = otherFormOf(head);
  if (known !== null) return refusal(known.form, known.instead);
  const text = head.toString('utf8');
  if (endsIn(name, 'br|lzma|7z')) return refusal(`packed by ${name.split('.').at(-1) ?? ''}`, 'pack it by gzip or zstd');
  if (endsIn(name, 'csv|tsv')) return refusal('a table of separated values', 'write it as Parquet or JSON lines');
  if (endsIn(name, 'ya?ml')) return refusal('YAML', 'write it as JSON');
  const found = texts.find(([, pattern]) => pattern.test(text));
  return found === undefined ? 'neither JSON nor Parquet' : refusal(found[0], found[2]);
}

function refusal(form: string, instead: string): string {
  return `${form}, which is not read: ${instead}`;
}
