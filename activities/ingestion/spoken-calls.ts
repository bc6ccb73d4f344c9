import { type LooseCall, type LooseMessage, looseMessage } from './loose-message.ts';

/** A call made of a command that the model wrote as text. */
export function spokenCall(command: string): LooseCall {
  const text = command.trim();
  if (/^submit$/.test(text)) return { id: null, name: 'submit', arguments: '{}' };
  // Its lines are file text and would be misread as shell.
  const name = /^edit\b/.test(text) ? 'edit' : 'bash';
  return { id: null, name, arguments: JSON.stringify({ command: text }) };
}

/**
 * The commands in the fenced blocks of a reply, in order; `languages` are the words that may follow the fence. With `open` also one
 * whose end is missing, as where a stop word ended the reply.
 */
export function fencedCommands(content: string, languages: readonly string[], open = false): string[] {
  const commands: string[] = [];
  let block: string[] | null = null;
  for (const line of content.split('\n')) {
    const fence = /^\s*```(\S*)\s*$/.exec(line);
    if (block === null && fence !== null) block = [fence[1] ?? ''];
    else if (block !== null && fence?.[1] === '') {
      const [language = '', ...lines] = block;
      if (languages.includes(language)) commands.push(lines.join('\n'));
      block = null;
    } else block?.push(line);
  }
  const [language = '', ...lines] = block ?? [];
  if (open && block !== null && languages.includes(language)) commands.push(lines.join('\n'));
  return commands;
}

/**
 * A conversation in which commands are text and results come from the user, as one with calls and results:
 * `commandOf` says what a reply ran, null where it ran nothing. The user's next message is then its result.
 */
export function withSpokenCalls(
  messages: LooseMessage[],
  commandOf: (message: LooseMessage, index: number) => string | null,
): LooseMessage[] {
  let waiting = false;
  return messages.map((message, index) => {
    if (message.role === 'assistant') {
      const command = message.calls.length > 0 ? null : commandOf(message, index);
      waiting = command !== null;
      return command === null ? message : { ...message, calls: [spokenCall(command)] };
    }
    const result = waiting && message.role === 'user';
    waiting = false;
    return result ? looseMessage('tool', message.content, { dropped: message.dropped }) : message;
  });
}
