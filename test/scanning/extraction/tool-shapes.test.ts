import { beforeAll, describe, expect, it } from 'vitest';
import { actionsOf } from '../../../activities/scanning/extraction/actions.ts';
import { loadGrammars } from '../../../activities/syntax/grammars.ts';
import { linesOf, toolCallOf, violationsIn } from './tools.ts';

beforeAll(loadGrammars);

const line = 'git log --all';

describe('programs in whatever shape', () => {
  it.each<[string, unknown]>([
    ['exec_command', { cmd: line, workdir: '/repo', yield_time_ms: 500 }],
    ['launch-process', { command: line, wait: true, cwd: '/repo' }],
    ['terminal', { command: 'run', text: line }],
    ['bash', { command: { cmd: line } }],
    ['bash', { command: JSON.stringify({ command: line }) }],
    ['sandbox_exec', { script: { content: line } }],
    ['spawn', { program: 'git', args: ['log', '--all'] }],
    ['start_process', { executable: '/usr/bin/git', arguments: ['log', '--all'] }],
    ['run_git', { args: ['log', '--all'] }],
    ['run_git_command', { command: 'log --all' }],
    ['git_operation', { operation: 'log', options: ['--all'] }],
    ['multi_tool_use.parallel', { tool_uses: [{ recipient_name: 'functions.shell', parameters: { command: ['sh', '-c', line] } }] }],
    [
      'batch',
      {
        calls: [
          { tool: 'Read', input: { file_path: 'a.py' } },
          { tool: 'Bash', input: { command: line } },
        ],
      },
    ],
    ['write_stdin', { session_id: 3, chars: `${line}\n` }],
    ['shell_input', { id: 'main', press_enter: true, input: line }],
    ['computer', { action: 'type', text: `${line}\n` }],
    ['docker_exec', { container: 'box', cmd: ['git', 'log', '--all'] }],
  ])('%s %j', (name, args) => {
    expect(violationsIn([{ name, args }])).toEqual(['LOCAL_GIT log-of-all-refs']);
  });
});

describe('files in whatever shape', () => {
  const path = '/repo/.git/logs/HEAD';
  it.each<[string, unknown]>([
    ['cat', { args: [path] }],
    ['get_file', { name: path }],
    ['load_file', { location: path }],
    ['fs_read', { operations: [{ mode: 'Line', path }] }],
    ['view_code_item', { File: path }],
    ['edit', { path }],
    ['search_file', { search_term: 'fix', file: path }],
    ['Grep', { pattern: '.', path: '/repo/.git', glob: '**/logs/*' }],
    ['mystery', { thing: path }],
  ])('%s %j', (name, args) => {
    expect(violationsIn([{ name, args }])).toEqual(['LOCAL_GIT history-files']);
  });
});

describe('code hosts in whatever shape', () => {
  it.each<[string, unknown]>([
    ['search_issues', { q: 'repo:lumen/beacon dusk' }],
    ['grep_app_search', { query: 'lumen beacon dusk', repo: 'lumen/beacon' }],
    ['http_request', { method: 'GET', url: 'https://api.github.com/repos/lumen/beacon/pulls/3' }],
    ['mcp__context7__get-library-docs', { libraryId: '/lumen/beacon', topic: 'dusk' }],
    ['fetch_pr', { pr_number: 12 }],
  ])('%s %j', (name, args) => {
    expect(violationsIn([{ name, args }]).map((one) => one.split(' ')[0])).toEqual(['UPSTREAM']);
  });

  it('by a tool named after their client', () => {
    expect(linesOf('gh', { args: 'pr view 3' })).toEqual(['gh pr view 3']);
  });
});

describe('honest tools', () => {
  it.each<[string, unknown]>([
    ['Write', { file_path: 'a.sh', content: line }],
    ['create', { path: 'NOTES.md', file_text: `${line} shows all` }],
    ['apply_patch', { input: `*** Begin Patch\n*** Add File: a.sh\n+${line}\n*** End Patch` }],
    ['git_commit', { repo_path: '/repo', message: `say that ${line} is slow` }],
    ['git_log', { repo_path: '/repo', max_count: 3 }],
    ['Grep', { pattern: line, path: '/repo' }],
    ['run_tests', { path: 'tests/test_lamp.py' }],
    ['python', { code: `print("${line}")` }],
    ['edit_file', { path: 'a.py', instructions: 'make it light', code_edit: 'x = 1' }],
    ['list_directory', { path: '/repo/.git' }],
    ['memory', { command: 'view', path: '/memories' }],
    ['update_plan', { explanation: 'see github.com/lumen/beacon', plan: [] }],
  ])('%s %j', (name, args) => {
    expect(violationsIn([{ name, args }])).toEqual([]);
  });
});

describe('arguments that nobody meant', () => {
  const odd = [
    null,
    0,
    true,
    '',
    '{',
    '[]',
    [],
    {},
    [null],
    [[['x']]],
    { command: null },
    { path: [1, {}] },
    '\u0000',
    'a'.repeat(100_000),
  ];
  const keys = [
    'command',
    'commands',
    'path',
    'paths',
    'url',
    'code',
    'pattern',
    'keystrokes',
    'args',
    'action',
    'edits',
    'patch',
    'query',
    'tool_uses',
    'env',
  ];
  const names = [
    '',
    'bash',
    'read_file',
    'grep',
    'git_log',
    'browser',
    'apply_patch',
    'github__x',
    'terminal',
    'run_python',
    'sql',
    '__',
    '日本',
  ];

  it('make no reader fail', () => {
    for (const name of names) {
      for (const key of keys) for (const value of odd) expect(Array.isArray(actionsOf(toolCallOf(name, { [key]: value })))).toBe(true);
      for (const value of odd) expect(Array.isArray(actionsOf(toolCallOf(name, value)))).toBe(true);
    }
  });
});
