import type { ToolCall } from '../../schemas/message.ts';
import type { Scripted } from './fake-session.ts';

/** What the model says in the rollouts of `fixtures/journals`, with fixed ids: journals know requests by their bytes. */
export const earlierScripts: Record<string, Scripted[]> = {
  openhands: [
    { content: 'Let me count.', reasoning_content: 'first I count', tool_calls: [call(0, 'execute_bash', { command: 'count' })] },
    { tool_calls: [call(1, 'str_replace_editor', { command: 'create', path: '/name/a.py', file_text: 'one\ntwo\n' })] },
    { tool_calls: [call(2, 'str_replace_editor', { command: 'str_replace', path: '/name/a.py', old_str: 'two', new_str: 'three' })] },
    { content: 'I wonder.', finish_reason: 'stop' },
    { tool_calls: [call(3, 'execute_bash', { command: 'slow' })] },
    { tool_calls: [call(4, 'execute_bash', { command: '' }), call(5, 'think', { thought: 'hm' })] },
    { tool_calls: [call(6, 'str_replace_editor', { command: 'undo_edit', path: '/name/a.py' })] },
    { tool_calls: [call(7, 'finish', { message: 'done' })] },
  ],
  sweagent: [
    { content: 'Let me count.', tool_calls: [call(0, 'bash', { command: 'count' })] },
    { content: 'no call', finish_reason: 'stop' },
    { tool_calls: [call(1, 'bash', { command: 'SYNTAXERROR (' })] },
    { tool_calls: [call(2, 'str_replace_editor', { command: 'create', path: '/name/a.py', file_text: 'one\n' })] },
    { tool_calls: [call(3, 'submit', {})] },
    { tool_calls: [call(4, 'submit', {})] },
  ],
};

function call(number: number, name: string, given: Record<string, unknown>): ToolCall {
  return { id: `call_${number}`, type: 'function', function: { name, arguments: JSON.stringify(given) } };
}
