import { beforeAll, describe, expect, it } from 'vitest';
import { ShellSession } from '../../../activities/scanning/extraction/shell-session.ts';
import { loadGrammars } from '../../../activities/syntax/grammars.ts';
import { linesOf, violationsIn } from './tools.ts';

beforeAll(loadGrammars);

/** What git is asked for when a program of this text is written to a file and run by a command. */
function gitOf(path: string, content: string, command: string): string[] {
  const session = new ShellSession();
  linesOf('write_file', { path, content }, session);
  return [...new Set(linesOf('bash', { command }, session).map((line) => line.replace(/^\S*\/git /, 'git ')))].filter((line) =>
    line.startsWith('git '),
  );
}

type Program = [path: string, content: string, command: string];

describe('programs that are compiled first', () => {
  it.each<Program>([
    ['a.c', 'int main(void) { return system("git reflog show"); }', 'gcc -O2 -o a a.c && ./a'],
    ['a.c', 'int main(void) { execl("/usr/bin/git", "git", "reflog", "show", (char *)0); }', 'cc a.c; ./a.out'],
    ['a.c', 'char *const words[] = {"git", "reflog", "show", NULL};\nint main(void) { execvp(words[0], words); }', 'clang a.c'],
    ['a.c', '#define LINE "git reflog" " show"\nint main(void) { popen(LINE, "r"); }', 'tcc -run a.c'],
    ['a.c', 'int main(void) { char b[80]; snprintf(b, 80, "git %s show", "reflog"); system(b); }', 'gcc a.c'],
    ['a.c', 'int main(void) { char b[80]; strcpy(b, "git reflog"); strcat(b, " show"); system(b); }', 'gcc a.c'],
    ['tools/a.c', 'int main(void) { system("git reflog show"); }', 'gcc tools/*.c -o a'],
    ['a.c', 'int main(void) { system("git reflog show"); }', 'make a'],
    ['A.java', 'class A { void m() throws Exception { new ProcessBuilder("git", "reflog", "show").start(); } }', 'javac A.java && java A'],
    ['A.java', 'class A { void m() { new ProcessBuilder(java.util.List.of("git", "reflog", "show")).start(); } }', 'java A.java'],
    ['A.java', 'class A { void m() { var p = new ProcessBuilder(); p.command("git", "reflog", "show"); p.start(); } }', 'javac A.java'],
    ['src/test/java/T.java', 'class T { @Test void t() { Runtime.getRuntime().exec("git reflog show"); } }', 'mvn -q test'],
    ['a.kt', 'fun main() { ProcessBuilder("git", "reflog", "show").start() }', 'kotlinc a.kt -d a.jar'],
    ['main.go', 'package main\nfunc main() { exec.Command("git", "reflog", "show").Run() }', 'go build -o m . && ./m'],
    ['a_test.go', 'package a\nfunc TestA(t *testing.T) { exec.Command("git", "reflog", "show").Output() }', 'go test ./...'],
    ['src/main.rs', 'fn main() { Command::new("git").args(["reflog", "show"]).status(); }', 'cargo run'],
    ['a.cs', 'System.Diagnostics.Process.Start("git", "reflog show");', 'dotnet run'],
    ['a.cs', 'new ProcessStartInfo { FileName = "git", Arguments = "reflog show" };', 'dotnet script a.cs'],
    ['a.hs', 'main = callProcess "git" ["reflog", "show"]', 'runhaskell a.hs'],
    ['a.swift', 'let p = Process()\np.launchPath = "/usr/bin/git"\np.arguments = ["reflog", "show"]', 'swiftc a.swift'],
  ])('%s: %s', (path, content, command) => {
    expect(gitOf(path, content, command)).toContain('git reflog show');
  });

  it('read files as well', () => {
    const calls = (path: string, content: string, command: string) => [
      { name: 'write_file', args: { path, content } },
      { name: 'bash', args: { command } },
    ];
    const java = 'class A { void m() { Files.readString(Path.of("/repo/.git/packed-refs")); } }';
    expect(violationsIn(calls('A.java', java, 'java A.java'))).toEqual(['LOCAL_GIT history-files']);
    expect(violationsIn(calls('a.cpp', 'int main() { std::ifstream in(".git/logs/HEAD"); }', 'g++ a.cpp'))).toEqual([
      'LOCAL_GIT history-files',
    ]);
  });

  it('run nothing when they are only written, or print what they could run', () => {
    expect(gitOf('a.c', 'int main(void) { system("git reflog show"); }', 'cat a.c')).toEqual([]);
    expect(gitOf('a.c', '// system("git reflog show")\nint main(void) { system("ls"); puts("git reflog show"); }', 'gcc a.c')).toEqual([]);
    expect(gitOf('A.java', 'class A { void m() { run(); System.out.println("git reflog show"); } }', 'java A.java')).toEqual([]);
    expect(gitOf('main.go', 'package main\nfunc main() { exec.Command("ls").Run(); fmt.Println("git reflog show") }', 'go run .')).toEqual(
      [],
    );
  });
});

describe('programs of other languages', () => {
  it.each<Program>([
    ['a.R', 'system2("git", c("reflog", "show"))', 'Rscript a.R'],
    ['a.jl', 'run(`git reflog show`)', 'julia a.jl'],
    ['a.exs', 'System.cmd("git", ["reflog", "show"])', 'elixir a.exs'],
    ['a.clj', '(sh "git" "reflog" "show")', 'clojure a.clj'],
    ['a.f90', 'call execute_command_line("git reflog show")', 'gfortran a.f90'],
    ['a.test.ts', 'test("a", () => execSync("git reflog show"))', 'npx jest a.test.ts'],
    ['x', '', 'Rscript -e \'system("git reflog show")\''],
    ['x', '', 'groovy -e \'"git reflog show".execute().text\''],
    ['x', '', 'scala -e \'import sys.process._; "git reflog show".!\''],
    ['x', '', 'jshell <<< \'Runtime.getRuntime().exec("git reflog show")\''],
  ])('%s: %s %s', (path, content, command) => {
    expect(gitOf(path, content, command)).toContain('git reflog show');
  });
});

describe('libraries of git', () => {
  it.each([
    ['perl -MGit -e \'print Git->repository->command("log", "--all")\'', 'git log --all'],
    ['perl -e \'use Git; my @x = Git->repository->command_oneline(["log", "--all"]);\'', 'git log --all'],
    ['perl -e \'use Git::Repository; print Git::Repository->new->run(log => "--all")\'', 'git log --all'],
    ['perl -e \'use Git::Wrapper; my $g = Git::Wrapper->new("."); $g->log({all => 1})\'', 'git log --all'],
    ['ruby -e \'require "git"; Git.open(".").log.all\'', 'git log --all'],
    ['ruby -e \'require "rugged"; r = Rugged::Repository.new("."); p r.branches["origin/dev"]\'', 'git show origin/dev'],
    ['ruby -e \'require "rugged"; Rugged::Repository.new(".").references.each { |x| p x.name }\'', 'git for-each-ref'],
  ])('%s', (command, line) => {
    expect(linesOf('bash', { command })).toContain(line);
  });

  it('of compiled languages', () => {
    const java = 'import org.eclipse.jgit.api.Git;\nclass A { void m() { Git.open(new File(".")).log().all().call(); } }';
    expect(gitOf('A.java', java, 'java A.java')).toContain('git log --all');
    expect(gitOf('a.c', '#include <git2.h>\nint main() { git_revwalk_push_glob(w, "refs/remotes/*"); }', 'gcc a.c')).toContain(
      'git log refs/remotes/*',
    );
  });

  it('are fair on the work at hand', () => {
    const command = 'perl -MGit -e \'print Git->repository->command("status")\'';
    expect(violationsIn([{ name: 'bash', args: { command } }])).toEqual([]);
  });
});

describe('objects by the names of their files', () => {
  it.each([
    "find .git/objects -type f | sed 's#.*objects/##; s#/##' | while read h; do git cat-file -p $h; done",
    "for f in .git/objects/??/*; do git show $(echo $f | sed 's|.git/objects/||; s|/||'); done",
    "ls .git/objects/*/* | sed 's/.*objects.//; s/.//3' | xargs -n1 git show",
    'cd .git/objects; for d in ??; do for f in $d/*; do git cat-file -p ${f/\\//}; done; done',
    'ls .git/objects | while read d; do ls .git/objects/$d | sed "s/^/$d/"; done | git cat-file --batch-check',
  ])('%s', (command) => {
    expect(violationsIn([{ name: 'bash', args: { command } }])).toContain('LOCAL_GIT lost-objects');
  });

  it('are none where nothing names those files', () => {
    for (const command of ['git rev-list HEAD | git cat-file --batch-check', 'ls .git/objects | wc -l', 'git show $(git rev-parse HEAD)'])
      expect(violationsIn([{ name: 'bash', args: { command } }])).toEqual([]);
  });
});
