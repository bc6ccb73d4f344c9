import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { readRuleFile } from '../../activities/scanning/scan-rule-file.ts';
import { ScanPreset } from '../../schemas/scan-preset.ts';
import { ScanRule } from '../../schemas/scan-rule.ts';
import { scannerVersion } from '../../activities/scanning/scanner-version.ts';
import { scanRules } from '../../activities/scanning/scan-rules.ts';
import { scanCommand } from '../../activities/scanning/scan-command.ts';
import { projectRoot } from '../../platform/home.ts';

let folder: string;

beforeAll(async () => {
  await loadGrammars();
  folder = mkdtempSync(join(tmpdir(), 'tracemill-rules-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Rules whose point is that the project is not known. */
const withoutProject = new Set(['package-source-fetched', 'package-looked-up', 'request-unclear']);

function found(rule: ScanRule, command: string): boolean {
  const preset = rule.severity['follow-up'] === undefined ? 'paper' : 'follow-up';
  const project = withoutProject.has(rule.id) ? {} : { repo: 'owner/project' };
  return scanCommand(command, { preset, ...project }).findings.some((finding) => finding.rule === rule.id);
}

describe('each rule', () => {
  const command = (example: string) => !example.startsWith('a conftest');

  it.each(scanRules.map((rule) => [rule.id, rule] as const))('%s finds and leaves what it says', (_, rule) => {
    expect(ScanRule.safeParse(rule).error).toBeUndefined();
    expect(rule.finds.filter(command).filter((example) => !found(rule, example))).toEqual([]);
    expect(rule.leaves.filter(command).filter((example) => found(rule, example))).toEqual([]);
  });

  it('has an id of its own and stands in the documentation with its words', () => {
    expect(new Set(scanRules.map(({ id }) => id)).size).toBe(scanRules.length);
    const page = readFileSync(join(projectRoot, 'docs/scanner.md'), 'utf8');
    for (const { id, what } of scanRules) {
      expect(page).toContain(`\`${id}\``);
      expect(page).toContain(what);
    }
  });
});

describe('the scanner version', () => {
  it('stands for what these rules find: raise it where that changes, and record the digest here', () => {
    const matched = scanRules.map(({ id, category, severity, graver_when_revealed, when }) => [
      id,
      category,
      severity,
      graver_when_revealed,
      when,
    ]);
    const digest = createHash('sha256').update(JSON.stringify(matched)).digest('hex');
    expect([scannerVersion, digest]).toEqual([5, '0dedadf407e17cbc5df7add1d439bd3fe532c09aa99a99f3bf403b6bff48bf08']);
  });

  it('is in every report, with the preset', () => {
    for (const preset of ScanPreset.options) {
      expect(scanCommand('ls', { preset })).toMatchObject({ scanner_version: scannerVersion, preset });
    }
  });
});

describe('the presets', () => {
  it('of the paper bans blame and the reflog, restricts log and diff, and knows nothing else', () => {
    const paper = (command: string) => scanCommand(command, { preset: 'paper' }).git_hack_attempted;
    expect(['git blame a.py', 'git reflog', 'git log --all', 'git diff origin/main'].map(paper)).toEqual([true, true, true, true]);
    expect(['git log -3', 'git diff', 'git show 3f2a91c', 'pip download attrs', 'git fetch'].map(paper)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('of the follow-up lets blame on the base pass', () => {
    expect(scanCommand('git blame a.py', { preset: 'follow-up' }).findings).toEqual([]);
  });
});

describe('a rule file', () => {
  const file = (text: string) => {
    const path = join(folder, 'rules.yaml');
    writeFileSync(path, text);
    return path;
  };

  it('adds, replaces and leaves out rules', async () => {
    const path = file(`
without: [reflog]
rules:
  - id: no-sed
    category: OTHER
    severity: { follow-up: violation }
    what: Editing by sed.
    finds: [sed -i s/a/b/ x]
    leaves: [sed -n 1p x]
    when: [{ program: '^sed$', words: '^-i' }]
`);
    const rules = await readRuleFile(path, scanRules);
    const ids = (command: string) => scanCommand(command, { preset: 'follow-up' }, rules).findings.map(({ rule }) => rule);
    expect(ids('sed -i s/a/b/ x')).toEqual(['no-sed']);
    expect(ids('sed -n 1p x')).toEqual([]);
    expect(ids('git reflog')).toEqual([]);
    expect(ids('git log --all')).toEqual(['log-of-all-refs']);
  });

  it.each([
    ['rules: [{ id: Bad Id }]', /lower-case words/],
    ['rules: 3', /rules/],
    ['without: [no-such-rule]', /no-such-rule/],
    ['a: [', /rules\.yaml/],
  ])('that says %j is refused with its place', async (text, message) => {
    await expect(readRuleFile(file(text), scanRules)).rejects.toMatchObject({
      code: 'bad_rules',
      message: expect.stringMatching(message),
    });
  });
});
