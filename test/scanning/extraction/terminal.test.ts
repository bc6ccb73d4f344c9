import { beforeAll, describe, expect, it } from 'vitest';
import { ShellSession } from '../../../activities/scanning/extraction/shell-session.ts';
import { loadGrammars } from '../../../activities/syntax/grammars.ts';
import { linesOf } from './tools.ts';

beforeAll(loadGrammars);

/** The git commands that keys come to, a call each. */
function typed(...calls: unknown[]): string[] {
  const session = new ShellSession();
  return calls
    .flatMap((args) => linesOf('terminal_keys', args, session))
    .filter((line) => line.startsWith('git ') || line.startsWith('cat '));
}

describe('keystrokes', () => {
  it.each<[string, unknown[]]>([
    ['in one text', [{ keystrokes: 'git reflog\n' }]],
    ['in a list of commands', [{ commands: [{ keystrokes: 'cd /repo\n' }, { keystrokes: 'git reflog\n', duration: 1 }] }]],
    ['in a list of keys', [{ keys: ['git', ' ', 'reflog', 'Enter'] }]],
    ['letter by letter', [{ keys: [...'git reflog', 'C-m'] }]],
    ['with the key that ends the line behind it', [{ keystrokes: 'git reflog Enter' }]],
    ['with a carriage return', [{ keystrokes: 'git reflog\r' }]],
    ['with an escaped newline', [{ keystrokes: 'git reflog\\n' }]],
    ['without any', [{ keystrokes: 'git reflog' }]],
    ['with names of keys in brackets', [{ keystrokes: 'git<Space>reflog<CR>' }]],
    ['over several calls', [{ keystrokes: 'ls\n' }, { keystrokes: 'git re' }, { keystrokes: 'flog' }, { keys: ['Enter'] }]],
    ['with a slip of the finger', [{ keys: ['git reflox', 'BSpace', 'g', 'Enter'] }]],
    [
      'after a line that was given up',
      [{ keystrokes: 'ls\n' }, { keystrokes: 'rm -r' }, { keystrokes: 'C-c' }, { keystrokes: 'git reflog\n' }],
    ],
  ])('%s are a command', (_, calls) => {
    expect(typed(...calls)).toContain('git reflog');
  });

  it('run nothing before they are entered, or when they are given up', () => {
    expect(typed({ keystrokes: 'ls\n' }, { keystrokes: 'git reflog' }, { keystrokes: 'C-c' }, { keystrokes: 'ls\n' })).toEqual([]);
  });

  it('repeat the line before', () => {
    expect(typed({ keystrokes: 'git reflog\n' }, { keys: ['Up', 'Enter'] })).toEqual(['git reflog', 'git reflog']);
  });

  it('of a here-document that ends in a later call are its text', () => {
    const calls = [{ keystrokes: "cat > a.sh <<'E'\n" }, { keystrokes: 'git reflog\n' }, { keystrokes: 'E\n' }];
    expect(typed(...calls).filter((line) => line.startsWith('git'))).toEqual([]);
    expect(typed(...calls, { keystrokes: 'sh a.sh\n' })).toContain('git reflog');
  });

  it('go to the terminal that they are sent to', () => {
    const keys = (text: string, session_id: string) => ({ keystrokes: text, session_id });
    const calls = [keys('ls\n', 'a'), keys('git re', 'a'), keys('ls\n', 'b'), keys('flog\n', 'a')];
    expect(typed(...calls)).toEqual(['git reflog']);
  });
});

describe('text typed into a program', () => {
  it.each<[string, string[]]>([
    ['Python', ['python3\n', 'import os\n', "os.system('git reflog')\n"]],
    ['Python at once', ["python3 -q\nimport os\nos.system('git reflog')\n"]],
    ['Node', ['node\n', "require('child_process').execSync('git reflog')\n"]],
    ['Ruby', ['irb\n', 'puts `git reflog`\n']],
    ['a pager', ['less README.md\n', '!git reflog\n']],
    ['an editor', ['vim README.md\n', ':!git reflog\n']],
    ['an editor that reads it', ['vi README.md\n', '<Esc>:r !git reflog\n']],
    ['a data base', ['psql -U me\n', '\\! git reflog\n']],
    ['a data base file', ['sqlite3 a.db\n', '.shell git reflog\n']],
    ['a debugger', ['gdb ./a.out\n', 'shell git reflog\n']],
    ['a debugger of Python', ['python -m pdb a.py\n', "import os; os.system('git reflog')\n"]],
    ['a shell after Python', ['python3\n', 'exit()\n', 'git reflog\n']],
    ['a shell after Python that ended by itself', ['python3\n', '1/0\n', 'git reflog\n']],
    ['a shell after an editor', ['vim a.py\n', '<Esc>:wq\n', 'git reflog\n']],
  ])('%s', (_, texts) => {
    expect(typed(...texts.map((keystrokes) => ({ keystrokes })))).toEqual(['git reflog']);
  });

  it('opens files there', () => {
    expect(typed({ keystrokes: 'vim a.py\n' }, { keystrokes: ':e .git/packed-refs\n' })).toEqual(['cat .git/packed-refs']);
  });

  it('is only text in an editor', () => {
    expect(typed({ keystrokes: 'vim notes.md\n' }, { keystrokes: 'igit reflog\ngit fsck\n<Esc>:wq\n' })).toEqual([]);
  });

  it('by a shell tool goes to what is in front', () => {
    const session = new ShellSession();
    linesOf('execute_bash', { command: 'python3 -i' }, session);
    linesOf('execute_bash', { command: 'import subprocess as s', is_input: 'true' }, session);
    expect(linesOf('execute_bash', { command: "s.run(['git', 'reflog'])", is_input: 'true' }, session)).toContain('git reflog');
  });
});

describe('keys sent by a multiplexer', () => {
  it.each([
    "tmux send-keys -t main 'git reflog' Enter",
    "tmux send-keys -t main 'git' Space 'reflog' C-m",
    "tmux send-keys 'git ref'; tmux send-keys log Enter",
    "screen -S main -X stuff 'git reflog\\n'",
    "tmux new-session -d 'git reflog'",
  ])('%s', (command) => {
    expect(linesOf('bash', { command })).toContain('git reflog');
  });
});
