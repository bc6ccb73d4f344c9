import { type LooseMessage, looseMessage } from '../loose-message.ts';
import { trimBreaks } from './function-tags.ts';

const responses = /<tool_response>([\s\S]*?)(?:<\/tool_response>|$)/g;
const heading = /^EXECUTION RESULT of \[([\w.-]+)\]:\n?/;
const marked =
  /^\s*(?:<(?:tool_response|function_results?|output|returncode|observation|result|stdout|response)\b|EXECUTION RESULT of |observation:|\[(?:The command completed|Command))/i;

/** Whether a user's message says by its own marks that it is what a command gave back. */
export function isMarkedResult(content: string): boolean {
  return marked.test(content);
}

/** A user's message after calls in text as the results that it holds; what it says beside results that are marked stays the user's. */
export function resultsIn({ content, dropped }: LooseMessage): LooseMessage[] {
  const found = [...content.matchAll(responses)];
  if (found.length === 0) {
    const tool = heading.exec(content)?.[1] ?? null;
    return [looseMessage('tool', content.replace(heading, ''), { dropped, tool })];
  }
  const rest = content.replaceAll(responses, '').trim();
  const results = found.map((match) => looseMessage('tool', trimBreaks(match[1] ?? '')));
  return rest === '' ? results : [...results, looseMessage('user', rest, { dropped })];
}
