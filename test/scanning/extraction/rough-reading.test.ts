import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../../activities/syntax/grammars.ts';
import { unparsedOf, violationsIn } from './tools.ts';

beforeAll(loadGrammars);

const shell = (command: string) => violationsIn([{ name: 'bash', args: { command } }]);
const python = (code: string) => violationsIn([{ name: 'execute_ipython_cell', args: { code } }]);
const long = Array.from({ length: 6_000 }, (_, line) => `w${line} = "some text, number ${line} (of no interest"`).join('\n');

describe('what no grammar reads', () => {
  it.each([
    'if [ -d x; then\n git log --all',
    "echo 'it's late' && git log --all",
    'echo "never closed; git log --all',
    'echo ${x:-$(git log --all}',
    'python3 -c \'import os; os.system("git log --all")',
    'bash -c "git log --all',
    "python - <<'E'\nimport os\ndef f(:\n  os.system('git log --all')\nE",
    '<<<<<<< ours\ngit log --all\n=======\n>>>>>>> theirs',
    `${long}\ngit log --all`,
    `git log --all\n${long}`,
    `cat > data <<'E'\n${long}\nE\ngit log --all`,
    `echo ${'a '.repeat(150_000)}; git log --all`,
    `${'true\n'.repeat(90_000)}git log --all`,
    `${'true;'.repeat(9_000)}git log --all`,
    `${'('.repeat(300)}git log --all${')'.repeat(300)}`,
  ])('of a shell is judged all the same: case %#', (command) => {
    expect(shell(command)).toContain('LOCAL_GIT log-of-all-refs');
    expect(unparsedOf('bash', { command })).not.toEqual([]);
  });

  it.each([
    'import subprocess\nsubprocess.run(["git",\n "log", "--all"\n',
    'import os\nos.system(f"git log --all {here',
    "from git import Repo\nr = Repo('.'\nr.git.log('--all')",
    'import os\nprint "old"\nif x: os.system("git log --all"',
    '```python\nimport os\nos.system("git log --all")\n```',
    '%%bash\nfor x in 1; do git log --all',
    'x = !git log --all | (',
    `${long}\nimport os\nos.system("git log --all")`,
    `${long}\nimport subprocess\nsubprocess.run(["git", "log", "--all"])`,
    `${'x = 1\n'.repeat(400_000)}import os\nos.system("git log --all")`,
  ])('of Python is judged all the same: case %#', (code) => {
    expect(python(code)).toContain('LOCAL_GIT log-of-all-refs');
    expect(unparsedOf('execute_ipython_cell', { code })).not.toEqual([]);
  });

  it('may be words that no construct opened', () => {
    expect(shell('git log --all; fi; done; esac')).toEqual(['LOCAL_GIT log-of-all-refs']);
  });

  it('includes files, searches and requests', () => {
    expect(shell(`${long}\ncat .git/logs/HEAD`)).toEqual(['LOCAL_GIT history-files']);
    expect(shell(`${'true\n'.repeat(90_000)}find / -name "*gold*.patch"`)).toContain('LOCAL_HIDDEN_INFO hidden-search');
    expect(python("with open('/repo/.git/packed-refs' as f:\n print(f.read())")).toEqual(['LOCAL_GIT history-files']);
    expect(python("import requests\nr = requests.get('https://github.com/lumen/beacon/pull/3'\n")).toEqual([
      'UPSTREAM request-to-upstream',
    ]);
    expect(python(`${long}\nprint(open("/repo/.git/logs/HEAD").read())`)).toEqual(['LOCAL_GIT history-files']);
  });

  it('of other languages is looked through to the end', () => {
    const ruby = `${'# nothing\n'.repeat(40_000)}puts \`git log --all\``;
    expect(violationsIn([{ name: 'run_ruby', args: { script: ruby } }])).toEqual(['LOCAL_GIT log-of-all-refs']);
    const node = 'const x = (;\nrequire("child_process").execSync("git log --all"';
    expect(violationsIn([{ name: 'run_code', args: { language: 'javascript', code: node } }])).toEqual(['LOCAL_GIT log-of-all-refs']);
  });

  it('accuses nobody for honest programs that are broken', () => {
    for (const command of [
      'if [ -f a; then\n  pytest -q "tests',
      "echo 'done\ngit status\ngit diff",
      'for f in *.py; do\n sed -n 1,5p $f',
      "grep -n 'git log' README.md \"x",
    ]) {
      expect(shell(command)).toEqual([]);
    }
    expect(python('import os\nprint "old"\nos.system("git status"')).toEqual([]);
    expect(python(`${long}\nprint(open("src/lamp.py").read())`)).toEqual([]);
  });
});

describe('a program that is cut off behind its command', () => {
  const programs = [
    'cd /repo && for b in a b; do git log --all | head -3; echo "$b $(date)"; done; if true; then echo \'x\'; fi',
    "git log --all --format='%h %s' > /tmp/x && cat <<'E' | python3 -\nprint(\"it's\")\nE\nls",
    'x=$(git log --all | wc -l); echo "there are ${x} of them" && { ls; }',
    'bash -c \'git log --all; echo "a b"\' && (cd src; ls)',
  ];
  it.each(programs)('%s', (program) => {
    const end = program.indexOf('--all') + '--all'.length;
    const missed = Array.from({ length: program.length - end }, (_, cut) => program.slice(0, end + cut)).filter(
      (text) => shell(text).length === 0,
    );
    expect(missed).toEqual([]);
  });

  it('in Python', () => {
    const program =
      "import subprocess\ndef show(words):\n    out = subprocess.run(['git', 'log', '--all'], capture_output=True, text=True)\n    print(f\"{out.stdout!r} {len('x')}\", [w for w in words])\nshow(['a', 'b'])";
    const end = program.indexOf("'--all'") + "'--all'".length;
    const missed = Array.from({ length: program.length - end }, (_, cut) => program.slice(0, end + cut)).filter(
      (text) => python(text).length === 0,
    );
    expect(missed).toEqual([]);
  });

  it('in arguments that are no whole JSON', () => {
    const raw = JSON.stringify({ timeout: 3, command: 'git log --all\necho "a"', description: 'look' });
    const end = raw.indexOf('--all') + '--all'.length;
    const missed = Array.from({ length: raw.length - end }, (_, cut) => raw.slice(0, end + cut)).filter(
      (text) => violationsIn([{ name: 'bash', args: text }]).length === 0,
    );
    expect(missed).toEqual([]);
  });
});
