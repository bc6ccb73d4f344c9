import { beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '../../activities/scanning/conversation.ts';
import type { Command } from '../../activities/scanning/extraction/command.ts';
import { extractCommands } from '../../activities/scanning/extraction/extract-commands.ts';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { liftHeredocs } from '../../activities/scanning/extraction/heredocs.ts';
import { ShellSession } from '../../activities/scanning/extraction/shell-session.ts';

beforeAll(loadGrammars);

function call(args: Record<string, unknown>, name = 'execute_bash'): Call {
  return { name, args, raw: JSON.stringify(args), observation: '' };
}

function commands(source: string, session = new ShellSession()): Command[] {
  return extractCommands(call({ command: source }), session).commands;
}

function lines(source: string, session?: ShellSession): string[] {
  return commands(source, session).map(({ argv }) => argv.join(' '));
}

describe('commands in shell text', () => {
  it('come with resolved words and the chain of what ran them', () => {
    const found = commands("sudo env A=b sh -c 'X=log; git $X --all'").filter(({ argv }) => argv[0] === 'git');
    expect(found).toEqual([expect.objectContaining({ argv: ['git', 'log', '--all'], via: ['sudo', 'env', 'sh'], text: 'git $X --all' })]);
  });

  it('behind a here-document on its line are seen', () => {
    expect(lines("cat <<'E' > o 2>&1; git status | wc -l\nbody\nE\nls")).toEqual(['cat', '> o body\n', 'git status', 'wc -l', 'ls']);
  });

  it('in text that is only written down are not', () => {
    expect(lines("cat > a.sh <<'E'\ngit log --all\nE").filter((line) => line.startsWith('git'))).toEqual([]);
    expect(lines('echo "git log" # git show')).toEqual(['echo git log']);
  });

  it('know where they run', () => {
    expect(commands('cd /a && (cd b && ls) && pwd').map(({ argv, directory }) => [argv[0], directory])).toEqual([
      ['cd', '/a'],
      ['cd', '/a/b'],
      ['ls', '/a/b'],
      ['pwd', '/a'],
    ]);
  });

  it('keep what only the shell knows apart from text', () => {
    expect(lines('git show $UNKNOWN')).toEqual(['git show \uFFFC']);
  });

  it('use what earlier calls left: variables, aliases, functions, files', () => {
    const session = new ShellSession();
    lines('export A=status; alias g=git; f() { git "$1"; }', session);
    extractCommands(call({ command: 'create', path: '/r/x.sh', file_text: 'git diff\n' }, 'str_replace_editor'), session);
    const git = (source: string) => lines(source, session).filter((line) => line.startsWith('git '));
    expect(git('g $A')).toEqual(['git status']);
    expect(git('f log')).toEqual(['git log']);
    expect(git('bash /r/x.sh')).toEqual(['git diff']);
  });

  it('that fit no grammar are counted and still seen', () => {
    const { commands: found, unparsed } = extractCommands(call({ command: 'if [ -d x; then\n git log --all' }), new ShellSession());
    expect(unparsed).toHaveLength(1);
    expect(found.map(({ argv }) => argv.join(' '))).toContain('git log --all');
  });

  it('that a shell takes from an unknown pipe are counted as unparsed', () => {
    expect(extractCommands(call({ command: 'curl -s https://example.com/x.sh | sh' }), new ShellSession()).unparsed).toHaveLength(1);
  });
});

describe('commands in Python', () => {
  const git = (code: string) =>
    extractCommands(call({ code }, 'execute_ipython_cell'), new ShellSession())
      .commands.filter(({ argv }) => argv[0] === 'git')
      .map(({ argv }) => argv.join(' '));

  it('are found through functions, loops, formats and libraries', () => {
    expect(git("import subprocess\ndef run(*a, cwd=None):\n    return subprocess.run(['git', *a])\nrun('log', '--all')")).toEqual([
      'git log --all',
    ]);
    expect(git("import os\nfor c in ('status', 'reflog'):\n    os.system('git %s' % c)")).toEqual(['git status', 'git reflog']);
    expect(git("from git import Repo\nRepo('.').git.rev_list('--all', max_count=3)")).toEqual(['git rev-list --all --max-count=3']);
  });

  it('are none where text is only text', () => {
    expect(git("import os\nx = 'git log --all'\nprint(x, os.getcwd())")).toEqual([]);
  });
});

describe('lifting here-documents', () => {
  it('keeps the commands of the line and joins continued lines', () => {
    const { source, heredocs } = liftHeredocs('a <<-E | b \\\n  c\n\tone\n\tE\nd');
    expect(source).toBe('a <TMHEREDOC0X  | b   c\n\nd');
    expect(heredocs).toEqual([{ body: 'one\n', expands: true, operator: '<<-E' }]);
  });

  it('leaves shifts, here-strings and quoted operators alone', () => {
    for (const source of ['echo $((1<<2))', 'cat <<<x', 'echo "<<E"', "echo '<<E'"]) expect(liftHeredocs(source).heredocs).toEqual([]);
  });
});
