import { type Spoken, type SpokenForm, spoken } from './form.ts';
import { childTags } from './invoke-tags.ts';

/** Tags with one value, and the tool and parameter that they stand for. */
const oneValue: [tag: string, tool: string, parameter: string][] = [
  ['execute_bash', 'execute_bash', 'command'],
  ['execute_ipython', 'execute_ipython', 'code'],
  ['execute_browse', 'execute_browse', 'code'],
  ['mswea_bash_command', 'bash', 'command'],
];

/** The tags of CodeAct and of mini-swe-agent: a command or code between them. */
export const valueTags: SpokenForm[] = oneValue.map(([tag, tool, parameter]) => ({
  mark: `<${tag}>`,
  find: (text) =>
    [...text.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)(?:</${tag}>|$)`, 'g'))].map(
      (match): Spoken => ({
        start: match.index,
        end: match.index + match[0].length,
        calls: [spoken(tool, { [parameter]: (match[1] ?? '').trim() })],
      }),
    ),
}));

/** Tools of Cline and Roo Code, whose names are the tags. */
const tools = [
  'execute_command',
  'read_file',
  'write_to_file',
  'apply_diff',
  'replace_in_file',
  'search_and_replace',
  'insert_content',
  'search_files',
  'list_files',
  'list_code_definition_names',
  'browser_action',
  'fetch_instructions',
  'use_mcp_tool',
  'access_mcp_resource',
  'new_task',
  'ask_followup_question',
  'attempt_completion',
];

/** A tag named by a tool, with a tag for each parameter in it. */
export const namedTags: SpokenForm[] = tools.map((tool) => ({
  mark: `<${tool}>`,
  find: (text) =>
    [...text.matchAll(new RegExp(`<${tool}>(\\s*<[\\s\\S]*?)</${tool}>`, 'g'))].map(
      (match): Spoken => ({ start: match.index, end: match.index + match[0].length, calls: [spoken(tool, childTags(match[1] ?? ''))] }),
    ),
}));
