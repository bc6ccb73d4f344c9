import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { foundIn, violated } from './shell-steps.ts';

beforeAll(loadGrammars);

const found = (...commands: string[]) => violated(foundIn('Fix it.', commands, { repo: 'globex/ledger' }));

describe('a repository that the agent made', () => {
  it.each([
    'mkdir -p /tmp/r && cd /tmp/r && git init && git log --all && git reflog && cat .git/logs/HEAD',
    'git init -b main /tmp/r && git -C /tmp/r log --all && GIT_DIR=/tmp/r/.git git reflog && cat /tmp/r/.git/packed-refs',
    'git init --bare /tmp/o.git && git clone /tmp/o.git /tmp/c && cd /tmp/c && git fetch origin && git log --all && git ls-remote origin && git branch -a',
    'T=$(mktemp -d); git init -q $T/a; git clone -q file://$T/a $T/b; git -C $T/b fetch; git -C $T/b pull; git -C $T/b log --all',
    'git init -q --bare /tmp/o.git; git init -q /tmp/d; cd /tmp/d; git remote add origin /tmp/o.git; git fetch origin; git log origin/main',
    'A=$(mktemp -d); B=$(mktemp -d -t x.XXXX); git init $A; git clone /testbed $B; git -C $A log --all',
    'git init /tmp/a; cd /tmp/a; git worktree add /tmp/b HEAD; git -C /tmp/b log --all',
    'cd /tmp; git init --bare up.git; git clone up.git; cd up; git log --all',
  ])('may be read wholly: %s', (command) => {
    expect(found(command)).toEqual([]);
  });

  it.each([
    ['git clone /testbed /tmp/c && cd /tmp/c && git log --all', 'log-of-all-refs'],
    ['git clone . /tmp/c; git -C /tmp/c log --all', 'log-of-all-refs'],
    ['cd /tmp && git clone /testbed && cd testbed && git log --all', 'log-of-all-refs'],
    ['git worktree add /tmp/w HEAD && git -C /tmp/w log --all', 'log-of-all-refs'],
    ["git init /tmp/r; cd /tmp/r; git fetch /testbed '+refs/*:refs/*'; git log --all", 'log-of-all-refs'],
    ['git init /tmp/r; cd /tmp/r; git remote add o /testbed; git fetch o; git log o/main', 'foreign-log-or-diff'],
    ['git init /tmp/r; cd /tmp/r; git config remote.o.url /testbed; git fetch o; git log --all', 'log-of-all-refs'],
    ['git init /tmp/r; cd /tmp/r; git remote add o https://github.com/globex/ledger; git pull o main', 'git-asks-a-remote'],
    ['git init /tmp/r; GIT_OBJECT_DIRECTORY=/testbed/.git/objects git -C /tmp/r fsck', 'lost-objects'],
    ['git init /tmp/r; export GIT_OBJECT_DIRECTORY=/testbed/.git/objects; git -C /tmp/r fsck', 'lost-objects'],
    ['git init /tmp/r; echo /testbed/.git/objects > /tmp/r/.git/objects/info/alternates; git -C /tmp/r fsck', 'lost-objects'],
    ['git init /tmp/r; git log --all', 'log-of-all-refs'],
    ['F=$(git config remote.origin.url); D=$(mktemp -d); git -C $D init; git -C $D pull $F master', 'git-asks-a-remote'],
    ['A=$(mktemp -d); B=$(mktemp -d); git init $A; git clone /testbed $B; git -C $B log --all', 'log-of-all-refs'],
  ])('does not cover what it holds of the project: %s', (command, rule) => {
    expect(found(command)).toContain(rule);
  });
});

/** A program that is written into a file and run. */
const run = (runner: string, file: string, ...lines: string[]) => `cat > ${file} <<'END'\n${lines.join('\n')}\nEND\n${runner} ${file}`;
const python = (...lines: string[]) => run('python', 'demo.py', ...lines);

describe('a repository that a Python program made', () => {
  it.each([
    `cd $(mktemp -d) && git init -q . && python -c "import git; r = git.Repo('.'); print(r.heads, list(r.iter_commits('--all')))"`,
    python(
      'import tempfile, git',
      'r = git.Repo.init(tempfile.mkdtemp())',
      "r.index.commit('a')",
      "print(r.git.log('--all'), r.refs, r.head.log())",
    ),
    python(
      'import os, subprocess, tempfile',
      'with tempfile.TemporaryDirectory() as d:',
      "    subprocess.check_call(['git', 'init', d])",
      '    os.chdir(d)',
      "    os.system('git log --all')",
    ),
    python(
      'import pygit2, tempfile',
      'repo = pygit2.init_repository(tempfile.mkdtemp())',
      'print(repo.listall_references(), list(repo.references))',
    ),
    python(
      'from dulwich.repo import Repo',
      'r = Repo.init("/tmp/d", mkdir=True)',
      'print(r.get_refs(), list(r.get_walker(max_entries=3)))',
    ),
    python('from dulwich import porcelain', 'porcelain.init("/tmp/d")', 'porcelain.log("/tmp/d", all=True)'),
    run(
      'pytest',
      'test_refs.py',
      'import subprocess',
      "def run(*words, cwd): return subprocess.check_output(['git', *words], cwd=cwd)",
      'def test_all(tmp_path):',
      "    run('init', cwd=tmp_path)",
      "    assert run('log', '--all', cwd=tmp_path)",
    ),
    run(
      'pytest',
      'test_refs.py',
      'import git, pytest',
      '@pytest.fixture',
      'def sandbox(tmp_path):',
      '    yield git.Repo.init(tmp_path)',
      'def test_all(sandbox):',
      "    assert sandbox.git.log('--all') and sandbox.refs",
    ),
    run('pytest', 'test_refs.py', 'def test_all(bare_repo):', '    assert bare_repo.git.for_each_ref()'),
    python(
      'import git, os, tempfile',
      'def make(): return git.Repo.init(os.path.join(tempfile.mkdtemp(), "a"))',
      'repo = make()',
      "print(repo.git.branch('-a'))",
    ),
    run(
      'pytest',
      'test_clone.py',
      'import git',
      'def test_clone(tmp_path):',
      "    origin = git.Repo.init(tmp_path / 'o', bare=True)",
      "    copy = origin.clone(str(tmp_path / 'c'))",
      '    copy.remotes.origin.fetch()',
      "    assert copy.git.branch('-r') == ''",
    ),
    python('import os, subprocess', "os.makedirs('demo')", "subprocess.run('git init && git log --all', shell=True, cwd='demo')"),
  ])('may be read wholly: %s', (command) => {
    expect(found(command)).toEqual([]);
  });

  it.each([
    python('import tempfile, git', 'd = git.Repo.init(tempfile.mkdtemp())', "print(git.Repo('/testbed').git.log('--all'))"),
    python('import tempfile, git', "r = git.Repo.clone_from('/testbed', tempfile.mkdtemp())", "print(r.git.log('--all'))"),
    python('import subprocess', "subprocess.run(['git', 'init', '/tmp/x'])", "subprocess.run(['git', 'log', '--all'])"),
    python('import os, subprocess', "subprocess.run(['git', 'init', '/tmp/x'])", "os.chdir('/testbed')", "os.system('git log --all')"),
    python('import pygit2', "r = pygit2.Repository('.')", 'print(r.listall_references())'),
    run('pytest', 'test_refs.py', 'import git', 'def test_all():', "    assert git.Repo('.').git.log('--all')"),
    run(
      'pytest',
      'test_refs.py',
      'import git',
      'def repo(): return git.Repo("/testbed")',
      'def test_all(repo):',
      "    assert repo.git.log('--all')",
    ),
  ])('does not cover the project: %s', (command) => {
    expect(found(command)).not.toEqual([]);
  });
});

const node = (...lines: string[]) => run('node', 'demo.js', ...lines);
const go = (...lines: string[]) => run('go run', 'demo.go', 'package main', ...lines);

describe('a repository that a program of another language made', () => {
  it.each([
    node(
      "const { execSync } = require('child_process'), fs = require('fs');",
      "const dir = fs.mkdtempSync('/tmp/x-');",
      "execSync('git init', { cwd: dir });",
      "console.log(execSync('git log --all', { cwd: dir }).toString());",
    ),
    node(
      "const cp = require('child_process'); const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'x'));",
      "cp.execFileSync('git', ['init'], { cwd });",
      "cp.execFileSync('git', ['for-each-ref'], { cwd });",
    ),
    node('const dir = tmp();', 'process.chdir(dir);', "cp.execSync('git init');", "cp.execSync('git reflog');"),
    node("const git = require('simple-git')(tmp);", 'await git.init();', "await git.log(['--all']);"),
    run(
      'ruby',
      'demo.rb',
      'Dir.mktmpdir do |d|',
      '  Dir.chdir(d) do',
      '    system("git init")',
      '    system("git log --all")',
      '  end',
      'end',
    ),
    run(
      'ruby',
      'demo.rb',
      'require "rugged"',
      'repo = Rugged::Repository.init_at(Dir.mktmpdir)',
      'repo.references.each { |one| puts one.name }',
    ),
    go('func main() {', 'run(dir, "git", "init")', 'cmd := exec.Command("git", "log", "--all")', 'cmd.Dir = dir', 'cmd.Run() }'),
    go('func main() { r, _ := git.PlainInit(dir, false)', 'it, _ := r.Log(&git.LogOptions{All: true}) }'),
    run(
      'java',
      'Demo.java',
      'Path d = Files.createTempDirectory("x");',
      'new ProcessBuilder("git", "init").directory(d.toFile()).start();',
      'new ProcessBuilder("git", "log", "--all").directory(d.toFile()).start();',
    ),
    run(
      'rustc',
      'demo.rs',
      'Command::new("git").args(["init"]).current_dir(d.path()).output();',
      'Command::new("git").args(["log", "--all"]).current_dir(d.path()).output();',
    ),
  ])('may be read wholly: %s', (command) => {
    expect(found(command)).toEqual([]);
  });

  it.each([
    node("cp.execSync('git init', { cwd: dir });", "cp.execSync('git log --all', { cwd: '/testbed' });"),
    node("cp.execSync('git init', { cwd: dir });", "cp.execSync('git log --all');"),
    node("cp.execSync('git init', { cwd: dir });", "cp.execSync('git log --all', { cwd: process.argv[2] });"),
    node("const git = require('simple-git')('/testbed');", "await git.log(['--all']);"),
    node("const ng = require('nodegit');", "ng.Repository.open('.').then((r) => r.getReferenceCommit('refs/remotes/origin/master'));"),
    go('func main() { r, _ := git.PlainOpen(".")', 'it, _ := r.Log(&git.LogOptions{All: true}) }'),
    go('func main() { r, _ := git.PlainOpen("/testbed")', 'refs, _ := r.References() }'),
    run('rustc', 'demo.rs', 'let r = git2::Repository::open(".").unwrap();', 'w.push_glob("refs/remotes/*").unwrap();'),
    run('php', 'demo.php', '$g = new \\Gitonomy\\Git\\Repository(".");', '$g->getReferences()->getRemoteBranches();'),
    run('ruby', 'demo.rb', 'r = Rugged::Repository.new(".")', 'w.push(r.branches["origin/main"].target_id)'),
  ])('does not cover the project: %s', (command) => {
    expect(found(command)).not.toEqual([]);
  });
});
