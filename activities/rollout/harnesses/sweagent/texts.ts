import { join } from 'node:path';
import { editorSamples, editorTemplates } from '../../editor/samples.ts';
import { sampleAssignment } from '../../templates/sample-assignment.ts';
import type { TextSource } from '../../templates/text-source.ts';

const step = { repo: 'owner/name', working_dir: '/name', timeout: 300, command: 'ls', observation: 'text', output: 'text' };
const attempt = { thought: 'text', output: 'text', working_dir: '/name', repo: 'owner/name', command_docs: '' };

const samples: TextSource['samples'] = {
  system: { ...sampleAssignment, command_docs: '' },
  instance: { ...sampleAssignment, command_docs: '' },
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
  ...editorSamples,
};

/** Tracemill's texts, and an upstream configuration (.yaml) in their place. There may be any number of reviews. */
export const texts: TextSource = {
  folders: [editorTemplates, join(import.meta.dirname, 'templates')],
  samples,
  instanceOf: (name) => name.replace(/^(submit_review)_\d+$/, '$1'),
  file: {
    endings: ['.yaml', '.yml'],
    description: 'a SWE-agent configuration (.yaml)',
    read: async (path) => (await import('./config-file.ts')).readConfigFile(path),
  },
};
