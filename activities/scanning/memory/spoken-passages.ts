import type { Call, Turn } from '../conversation.ts';
import { commitMessages } from './commit-messages.ts';
import { newComments } from './comments.ts';

/** Where a model's own words stand. */
export type Voice = 'reasoning' | 'reply' | 'think_call' | 'commit_message' | 'code_comment';

/** A piece of text in a model's own words. */
export interface SpokenPassage {
  where: Voice;
  /** Index of the call that holds it, 0 for reasoning and reply. */
  call: number;
  text: string;
}

const talkingTools = /think|thought|reason|reflect|plan|scratch|note|finish|submit|message|answer|complete|todo|task_tracker|summar/i;
const codeKeys = /^(?:command|cmd|commands|code|script|source|input|keystrokes|path|file_path|url|patch)$/i;
const writtenKeys =
  /^(?:file_text|new_str|new_string|content|contents|insert_text|replace|replacement|code|script|source|patch|diff|text)$/i;
const replacedKeys = /^(?:old_str|old_string|search|before)$/i;

/** All that a model says in a turn: reasoning, reply, calls that do nothing but talk, commit messages, comments in what it writes. */
export function spokenPassages({ content, reasoning, calls }: Turn): SpokenPassage[] {
  const passages: SpokenPassage[] = [];
  if (reasoning !== '') passages.push({ where: 'reasoning', call: 0, text: reasoning });
  if (content !== '') passages.push({ where: 'reply', call: 0, text: content });
  for (const [number, call] of calls.entries()) inCall(call, number, passages);
  return passages;
}

function inCall({ name, args, raw }: Call, call: number, passages: SpokenPassage[]): void {
  if (args === undefined) {
    for (const text of commitMessages(raw)) passages.push({ where: 'commit_message', call, text });
    return;
  }
  const talks = talkingTools.test(name);
  let before = '';
  for (const [key, value] of Object.entries(args)) if (typeof value === 'string' && replacedKeys.test(key)) before += `${value}\n`;
  for (const [key, value] of Object.entries(args)) {
    if (talks && !codeKeys.test(key)) {
      for (const text of stringsOf(value)) passages.push({ where: 'think_call', call, text });
      continue;
    }
    for (const text of stringsOf(value)) {
      if (codeKeys.test(key)) for (const message of commitMessages(text)) passages.push({ where: 'commit_message', call, text: message });
      if (codeKeys.test(key) || writtenKeys.test(key)) {
        for (const comment of newComments(text, before)) passages.push({ where: 'code_comment', call, text: comment });
      } else if (/^(?:thoughts?|reasoning|explanation|rationale|message|summary|description|justification)$/i.test(key)) {
        passages.push({ where: 'think_call', call, text });
      }
    }
  }
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (Array.isArray(value)) return value.flatMap(stringsOf);
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}
