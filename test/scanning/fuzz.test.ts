import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { scanCommand } from '../../activities/scanning/scan-command.ts';
import { scanTrajectory } from '../../activities/scanning/scan-trajectory.ts';
import { unified } from './unified.ts';
import type { ScanReport } from '../../schemas/finding.ts';
import { labelledCommands } from './corpus.ts';

const context = { preset: 'follow-up' } as const;

/** Deterministic numbers below `limit`. */
function numbers(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const pieces = [
  '"',
  "'",
  '`',
  '$(',
  ')',
  '(',
  '{',
  '}',
  '<<E\n',
  '<<<',
  '|',
  '&&',
  ';',
  '\\',
  '\n',
  '$',
  '${x',
  '#',
  '[[',
  'case x in',
  'esac',
  'do',
  '\u0000',
  '\uFFFC',
  '𝒢',
  '\r\n',
  "$'\\x",
  '<(',
  '!',
  'fi',
];

function mutated(text: string, random: (limit: number) => number): string {
  let result = text;
  for (let count = 1 + random(4); count > 0; count -= 1) {
    const at = random(result.length + 1);
    const cut = random(3) === 0 ? random(8) : 0;
    result = result.slice(0, at) + (pieces[random(pieces.length)] ?? '') + result.slice(at + cut);
  }
  return result;
}

function scan(command: string): ScanReport {
  return scanCommand(command, context);
}

// The scanner bounds its work by steps; the time limit is for a test that never ends, and a busy machine must not fail.
describe('hostile input', { timeout: 240_000 }, () => {
  beforeAll(loadGrammars);

  it('is scanned without an error whatever a corpus command is mutated into', () => {
    const random = numbers(7);
    const commands = labelledCommands();
    for (let round = 0; round < 3_000; round += 1) {
      const command = mutated(commands[random(commands.length)]?.command ?? '', random);
      const report = scan(command);
      expect(report.unparsed).toBeGreaterThanOrEqual(0);
    }
  });

  it('is scanned without an error when it is random bytes', () => {
    const random = numbers(11);
    for (let round = 0; round < 400; round += 1) {
      const bytes = Buffer.from(Array.from({ length: random(400) }, () => random(256)));
      expect(scan(bytes.toString(round % 2 === 0 ? 'utf8' : 'latin1')).id).toBe('command');
    }
  });

  it.each([
    'echo "unclosed\ngit log --all',
    'if [ -d x; then\ngit reflog\n',
    'foo ( bar\ngit fsck --lost-found',
    ')) && git log --all',
    'case a in\ngit reflog',
  ])('does not hide the command in %j', (broken) => {
    const report = scan(broken);
    expect([report.git_hack_attempted, report.unparsed > 0]).toEqual([true, true]);
  });

  it('does not make commands of a here-document that never ends', () => {
    expect(scan("cat <<'E'\nnever ends\ngit reflog").git_hack_attempted).toBe(false);
  });

  it.each([
    ['subshells', `${'('.repeat(20_000)}git log --all${')'.repeat(20_000)}`],
    ['substitutions', `${'echo $('.repeat(5_000)}git log --all${')'.repeat(5_000)}`],
    ['quotes', `${'"$(echo '.repeat(3_000)}x${')"'.repeat(3_000)}`],
    ['braces', `echo ${'{a,b}'.repeat(400)}`],
    ['nested braces', `echo ${'{a,'.repeat(3_000)}b${'}'.repeat(3_000)}`],
    ['shells in shells', `sh -c ${"'sh -c ".repeat(50)}git log${"'".repeat(50)}`],
    ['evals', Array.from({ length: 60 }, () => 'eval').join(' ') + ' git log --all'],
    ['a function that calls itself', 'f() { f; f; git log --all; }; f'],
    ['two functions that call each other', 'f() { g; g; }; g() { f; f; }; f'],
    ['an alias of itself', "alias git='git -c x=y git'; git log --all"],
    ['git aliases in a circle', "git config alias.a '!git b'; git config alias.b '!git a'; git a"],
    ['a variable that doubles', `x=aaaaaaaa; ${'x=$x$x$x$x; '.repeat(40)} git $x`],
    ['a script that runs itself', "echo 'sh a.sh; sh a.sh' > a.sh; sh a.sh"],
    ['loops in loops', `${'for i in 1 2 3 4 5 6 7 8 9; do '.repeat(9)}git status${'; done'.repeat(9)}`],
    ['heredocs', Array.from({ length: 3_000 }, (_, index) => `cat <<E${index}`).join('\n')],
    ['Python that calls itself', 'python3 -c "def f(x):\n  return f(x) + f(x)\nimport os\nf(1)"'],
    ['deep Python', `python3 -c "import os\nx = ${'('.repeat(2_000)}1${')'.repeat(2_000)}"`],
    ['long Python sums', `python3 -c "import os\nos.system(${"'a' + ".repeat(5_000)}'b')"`],
  ])('ends on %s', (_, command) => {
    const report = scan(command);
    expect(report.findings.length + report.unparsed).toBeGreaterThanOrEqual(0);
  });

  it('reads the ends of 10 MB commands and says that it did not read all', () => {
    for (const filler of ['x '.repeat(5_000_000), '"'.repeat(10_000_000), '$(a '.repeat(2_500_000), 'a\n'.repeat(5_000_000)]) {
      const report = scan(`${filler}\ngit status`);
      expect(report.git_hack_attempted).toBe(false);
    }
    expect(scan(`git log --all; ${'if '.repeat(3_000_000)}`).git_hack_attempted).toBe(true);
  });

  it('reads messages of any shape', () => {
    const shapes: unknown[] = [
      null,
      1,
      'x',
      [],
      {},
      [[]],
      { text: 3 },
      [{ text: 'git log --all' }],
      { function: null },
      [{ function: { name: 3, arguments: 4 } }],
      [{ function: { name: 'bash', arguments: '[1]' } }],
    ];
    for (const content of shapes) {
      for (const tool_calls of shapes) {
        const messages = unified([
          { role: 'assistant', content, tool_calls },
          { role: 'tool', content },
        ]);
        const report = scanTrajectory({ id: 'x', messages }, context);
        expect(report.git_hack_attempted).toBe(false);
      }
    }
  });

  it('has no catastrophic pattern in its sources', () => {
    const long = [
      'git '.repeat(50_000),
      '-'.repeat(100_000),
      'a.'.repeat(50_000),
      '/'.repeat(100_000),
      'the upstream fix '.repeat(5_000),
      `I recall ${'fix upstream '.repeat(8_000)}`,
      'PR #'.repeat(20_000),
      '@{'.repeat(50_000),
      'http://'.repeat(20_000),
      '0123456789abcdef'.repeat(8_000),
    ];
    for (const text of long) {
      scan(`git show ${text}`);
      scan(`curl ${text}`);
      scan(`pip install ${text}`);
      scan(`cat ${text}`);
      scan(`python -c '${text.replaceAll("'", '')} subprocess open('`);
      scan(`node -e '${text.replaceAll("'", '')} execSync('`);
      const report = scanTrajectory({ id: 'x', messages: [{ role: 'assistant', content: text, reasoning_content: text }] }, context);
      expect(report.id).toBe('x');
    }
    expect(
      readdirSync(join(import.meta.dirname, 'corpus')).every((name) => readFileSync(join(import.meta.dirname, 'corpus', name)).length > 0),
    ).toBe(true);
  });
});
