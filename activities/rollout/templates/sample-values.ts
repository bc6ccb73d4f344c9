import type { HarnessName } from '../../../schemas/names.ts';

const assignment = {
  instance_id: 'owner__name-1',
  repo: 'owner/name',
  problem_statement: 'It does not work.',
  base_commit: '0123456789abcdef0123456789abcdef01234567',
  workdir: '/name',
  working_dir: '/name',
};
const excerpt = { path: '/name/a.txt', listing: '     1\ttext', count: 1, first: 1, last: 1, clamped: 9, cut: 1 };
const editor = {
  editor_result: { outcome: 'file', ...excerpt },
  editor_failure: { failure: 'missing', path: '/name/a.txt' },
  tool_str_replace_editor: { undo: true },
};
const command = {
  command: 'ls',
  status: 'exited',
  how: 'started',
  before: 'text',
  output: 'text',
  exit_code: 0,
  working_dir: '/name',
  limit: 'time',
  timeout: 300,
  no_change_timeout: 30,
  truncated: true,
  last_lines: 10_000,
};
const step = { repo: 'owner/name', working_dir: '/name', timeout: 300, command: 'ls', observation: 'text', output: 'text' };
const attempt = { thought: 'text', output: 'text', working_dir: '/name', repo: 'owner/name', command_docs: '' };

/** For each text of a harness the values that its template may use: what templates are tried with when they are loaded. */
export const sampleValues: Record<HarnessName, Record<string, Record<string, unknown>>> = {
  openhands: {
    system: assignment,
    instance: { ...assignment, instance: assignment, workspace_dir_name: 'name' },
    nudge: { may_give_up: true },
    think_result: {},
    call_error: { code: 'invalid_json', tool: 'think', reason: 'text' },
    command_result: command,
    nothing_runs: { is_input: true },
    several_commands: { commands: ['a', 'b'] },
    tool_execute_bash: {},
    tool_think: {},
    tool_finish: {},
    ...editor,
  },
  sweagent: {
    system: { ...assignment, command_docs: '' },
    instance: { ...assignment, command_docs: '' },
    next_step: step,
    next_step_no_output: step,
    next_step_truncated: { ...step, elided_chars: 1, max_observation_length: 100_000 },
    command_timeout: step,
    command_note: { ...step, note: 'killed' },
    format_error: { ...attempt, error_code: 'invalid_json', exception_message: 'text' },
    blocked: { ...attempt, action: 'vim' },
    syntax_error: { ...attempt, action: 'ls (', bash_stdout: '', bash_stderr: 'text' },
    exited: {},
    submit_review: { diff: 'text', problem_statement: 'text', working_dir: '/name' },
    tool_bash: {},
    tool_submit: {},
    ...editor,
  },
};
