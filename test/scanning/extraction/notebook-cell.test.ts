import { beforeAll, describe, expect, it } from 'vitest';
import { cellPieces } from '../../../activities/scanning/extraction/notebook-cell.ts';
import { ShellSession } from '../../../activities/scanning/extraction/shell-session.ts';
import { loadGrammars } from '../../../activities/syntax/grammars.ts';
import { linesOf, unparsedOf } from './tools.ts';

beforeAll(loadGrammars);

const git = (code: string, session?: ShellSession) =>
  linesOf('execute_ipython_cell', { code }, session).filter((line) => line.startsWith('git '));

describe('cells of notebooks', () => {
  it.each([
    '%%bash\ngit reflog',
    '# look first\nimport os\n%%bash\ngit reflog',
    '%%sh\ncd /repo && git reflog | head',
    '%%script bash\ngit reflog',
    '%%script --bg zsh\ngit reflog',
    '%%!\ngit reflog',
    '%%system\ngit reflog',
    '%%capture out\n!git reflog',
    '%%time\nout = !git reflog',
    '!git reflog',
    '!!git reflog',
    'lines = !git reflog',
    '%sx git reflog',
    'found = %sx git reflog',
    '%system git reflog',
    '%git reflog',
    "get_ipython().system('git reflog')",
    "get_ipython().getoutput('git reflog')",
    "name = 'reflog'\n!git {name}",
    "name = 'reflog'\n!git $name",
    'if True:\n    !git reflog\nelse:\n    pass',
    '!git \\\n  reflog',
    '%alias story git reflog\n!story',
    "%%writefile story.py\nimport os\nos.system('git reflog')\n%%bash\npython story.py",
    "open('story.py', 'w').write('x')\n%time !git reflog",
    'd["k"] = !git reflog',
    'print(1); !git reflog',
    'get_ipython().run_cell_magic("bash", "", "git reflog")',
    'get_ipython().run_line_magic("sx", "git reflog")',
    'from IPython import get_ipython\nshell = get_ipython()\nshell.system("git reflog")',
    'get_ipython().run_cell("!git reflog")',
    '%%perl\nsystem("git reflog");',
    '%%ruby\nputs `git reflog`',
  ])('%j run git', (code) => {
    expect(git(code)).toEqual(['git reflog']);
  });

  it('run files that an earlier cell wrote', () => {
    const session = new ShellSession();
    expect(git("%%writefile /tmp/story.py\nimport os\nos.system('git reflog')", session)).toEqual([]);
    expect(git('%run /tmp/story.py', session)).toEqual(['git reflog']);
  });

  it('keep names and functions from cell to cell', () => {
    const session = new ShellSession();
    git('import subprocess as sp\nbase = ["git"]\ndef tell(*words):\n    return sp.run([*base, *words])', session);
    expect(git('tell("reflog")', session)).toEqual(['git reflog']);
    expect(git('sp.check_output(base + ["fsck"])', session)).toEqual(['git fsck']);
    git('import git\nr = git.Repo(".")', session);
    expect(git('r.git.reflog()', session)).toEqual(['git reflog']);
  });

  it('go to another directory and stay there', () => {
    const session = new ShellSession();
    git('%cd /repo/src', session);
    expect(session.directory).toBe('/repo/src');
    git('import os\nos.chdir("..")', session);
    expect(session.directory).toBe('/repo');
    linesOf('bash', { command: 'python -c \'import os; os.chdir("/elsewhere")\'' }, session);
    expect(session.directory).toBe('/repo');
  });

  it('show files and search by functions of their harness', () => {
    const lines = (code: string) => linesOf('execute_ipython_cell', { code });
    expect(lines('open_file("/repo/.git/logs/HEAD")')).toContain('cat /repo/.git/logs/HEAD');
    expect(lines('search_dir("FAIL_TO_PASS", "/")')).toContain('grep -rn FAIL_TO_PASS /');
    expect(lines('find_file("gold_patch.diff", dir_path="/")')).toContain('find / -name gold_patch.diff');
  });

  it('may come as a list, or as lists of lines', () => {
    expect(linesOf('notebook', { cells: [{ source: 'import os' }, { source: "os.system('git reflog')" }] })).toContain('git reflog');
    expect(linesOf('run_cell', { source: ['!git reflog'] })).toContain('git reflog');
  });

  it('run nothing where text is only text', () => {
    expect(git('x = """\n%bash\n"""\nprint(10 % 3, "git reflog")')).toEqual([]);
    expect(git('value = (1\n         % len("git reflog"))\nok = value != 2')).toEqual([]);
    expect(unparsedOf('execute_ipython_cell', { code: '%matplotlib inline\n%load_ext autoreload\nimport os\nos.getcwd()' })).toEqual([]);
  });

  it('of an unknown kind are counted, and judged roughly', () => {
    const code = '%%warp 9\ngit reflog';
    expect(git(code)).toEqual(['git reflog']);
    expect(unparsedOf('execute_ipython_cell', { code })).toEqual(['execute_ipython_cell: a cell of kind %%warp']);
  });

  it('come apart at their marks', () => {
    expect(cellPieces('a = 1\n%%bash -e\nls\n%%html\n<b>git</b>')).toEqual([
      { kind: 'code', language: 'python', code: 'a = 1\n' },
      { kind: 'shell', source: 'ls\n' },
    ]);
  });
});
