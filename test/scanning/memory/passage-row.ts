import type { LabelledPassage } from './labelled-passages.ts';

/** A passage as a row of a dataset: the issue as prompt, what was seen as an output, then the passage where it stood. */
export function rowOf({ id, repo, issue, seen, where, text }: LabelledPassage): Record<string, unknown> {
  const call = (name: string, args: unknown, number: number) => ({
    id: `call_${number}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  });
  const earlier =
    seen === ''
      ? []
      : [
          { role: 'assistant', content: '', tool_calls: [call('bash', { command: 'ls' }, 1)] },
          { role: 'tool', tool_call_id: 'call_1', content: seen },
        ];
  return { id, repo, messages: [{ role: 'user', content: issue }, ...earlier, turnOf(where, text, call)] };
}

function turnOf(where: LabelledPassage['where'], text: string, call: (name: string, args: unknown, number: number) => unknown): unknown {
  switch (where) {
    case 'reasoning':
      return { role: 'assistant', content: '', reasoning_content: text };
    case 'reply':
      return { role: 'assistant', content: text };
    case 'think_call':
      return { role: 'assistant', content: '', tool_calls: [call('think', { thought: text }, 2)] };
    case 'commit_message':
      return { role: 'assistant', content: '', tool_calls: [call('bash', { command: `git commit -F - <<'END'\n${text}\nEND` }, 2)] };
    case 'code_comment':
      return { role: 'assistant', content: '', tool_calls: [call('create_file', { path: 'src/file', content: asComment(text) }, 2)] };
  }
}

/** Authors wrote comments as they stand in code, or only their text. */
function asComment(text: string): string {
  return /^\s*(?:#|\/\/|\/\*|--|;|%|"""|'''|<!--|\*)/m.test(text) ? text : text.replace(/^/gm, '# ');
}
