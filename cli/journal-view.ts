import { styleText } from 'node:util';
import type { JournalEntry, JournalEntryOf } from '../schemas/journal-entry.ts';

/** Longest text shown of one reply or output; the journal has it whole. */
const shownCharacters = 2000;

/** A journal entry for people. */
export function entryText(entry: JournalEntry): string {
  switch (entry.type) {
    case 'begin':
      return heading(`rollout of ${entry.key.instance_id} by ${entry.key.harness}, ${entry.key.mode}`);
    case 'exchange':
      return exchangeText(entry);
    case 'observation':
      return observationText(entry);
    case 'model_ended':
      return heading(`the model ended it: ${entry.kind}: ${entry.detail}`);
    case 'patch':
      return `${heading('the change it leaves')}\n${cut(entry.model_patch === '' ? '(none)' : entry.model_patch)}`;
    case 'trajectory':
      return styleText('dim', `· its trajectory is ${entry.trajectory.sha256}`, { stream: process.stdout });
    case 'note':
      return styleText('dim', `· ${entry.event.replaceAll('_', ' ')}: ${entry.detail}`, { stream: process.stdout });
  }
}

function exchangeText({ turn, exchange, reply, usage, latency_ms }: JournalEntryOf<'exchange'>): string {
  const head = heading(
    `turn ${turn} (exchange ${exchange}): ${usage.prompt_tokens} + ${usage.completion_tokens} tokens, ${(latency_ms / 1000).toFixed(1)} s`,
  );
  const reasoning =
    reply.reasoning_content === undefined ? [] : [styleText('italic', cut(reply.reasoning_content), { stream: process.stdout })];
  const calls = reply.tool_calls.map((call) => `→ ${call.function.name} ${cut(call.function.arguments)}`);
  return [head, ...reasoning, ...(reply.content === '' ? [] : [cut(reply.content)]), ...calls].join('\n');
}

function observationText({ action, result }: JournalEntryOf<'observation'>): string {
  const code = result.exit_code === null ? '' : ` ${result.exit_code}`;
  const limit = result.limit === null ? '' : ` (${result.limit === 'time' ? 'time limit' : 'no new output'})`;
  const head = `← action ${action}: ${result.status.replaceAll('_', ' ')}${code}${limit}, ${(result.duration_ms / 1000).toFixed(2)} s`;
  return result.output === '' ? head : `${head}\n${cut(result.output.trimEnd())}`;
}

function heading(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}

function cut(text: string): string {
  return text.length <= shownCharacters ? text : `${text.slice(0, shownCharacters)}… (${text.length - shownCharacters} more characters)`;
}
