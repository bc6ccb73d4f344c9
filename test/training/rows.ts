import type { DatasetRow, RowMessage } from '../../schemas/dataset-row.ts';
import type { Mode } from '../../schemas/names.ts';

/** A message as rows hold them; what is left out is null. */
export function message(role: RowMessage['role'], content: string, more: Partial<RowMessage> = {}): RowMessage {
  return { role, content, reasoning_content: null, tool_calls: null, ...more };
}

export function calls(...named: [name: string, args: string][]): RowMessage['tool_calls'] {
  return named.map(([name, text]) => ({ type: 'function', function: { name, arguments: text } }));
}

const bash = {
  type: 'function',
  function: {
    name: 'execute_bash',
    description: 'Runs a command.',
    parameters: { type: 'object', properties: { command: { type: 'string', description: 'The command.' } }, required: ['command'] },
  },
};

/** A short row that has everything: two turns with a call, an ending. */
export function row(change: Partial<DatasetRow> = {}, mode: Mode = 'think'): DatasetRow {
  const reasoning = (text: string) => (mode === 'think' ? { reasoning_content: text } : {});
  const patch = { patch: '', num_modified_files: 0, num_modified_lines: 0 };
  return {
    instance_id: 'acme__parser-7',
    repo: 'acme/parser',
    license: 'MIT',
    language: 'python',
    trajectory_id: '00000000-0000-4000-8000-000000000007',
    trajectory: [
      message('system', 'You solve issues.'),
      message('user', 'parse() keeps blanks around the text.'),
      message('assistant', 'I look first.', {
        ...reasoning('Where is parse?'),
        tool_calls: calls(['execute_bash', '{"command": "grep -rn parse src"}']),
      }),
      message('tool', 'src/parse.py:1:def parse(text):'),
      message('assistant', '', {
        ...reasoning('Strip it.'),
        tool_calls: calls(['execute_bash', '{"command": "sed -i s/text$/text.strip()/ src/parse.py"}']),
      }),
      message('tool', ''),
      message('assistant', 'parse() strips blanks now.'),
    ],
    tools: [JSON.stringify(bash)],
    resolved: 1,
    metadata: {
      category: 'bug-fix',
      reference_patch: patch,
      model_patch: patch,
      teacher_model: { name: 'Scripted-1.5', enable_thinking: mode === 'think', reasoning_effort: null },
      git_hack_attempted: false,
    },
    hf_dataset_name: 'nebius/SWE-rebench-V2',
    ...change,
  };
}
