import { join } from 'node:path';
import { editorSamples, editorTemplates } from '../../editor/samples.ts';
import { sampleAssignment } from '../../templates/sample-assignment.ts';
import type { TextSource } from '../../templates/text-source.ts';
import { fromUpstream, readPromptFile } from './prompt-file.ts';

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

const samples: TextSource['samples'] = {
  system: sampleAssignment,
  instance: { ...sampleAssignment, instance: sampleAssignment, workspace_dir_name: 'name' },
  nudge: { may_give_up: true },
  think_result: {},
  call_error: { code: 'invalid_json', tool: 'think', reason: 'text' },
  command_result: command,
  nothing_runs: { is_input: true },
  several_commands: { commands: ['a', 'b'] },
  tool_execute_bash: {},
  tool_think: {},
  tool_finish: {},
  ...editorSamples,
};

/** Tracemill's texts, and OpenHands' prompts (.j2) in their place. */
export const texts: TextSource = {
  folders: [editorTemplates, join(import.meta.dirname, 'templates')],
  samples,
  translate: fromUpstream,
  file: { endings: ['.j2', '.jinja', '.jinja2', '.njk'], description: 'an OpenHands prompt (.j2)', read: readPromptFile },
};
