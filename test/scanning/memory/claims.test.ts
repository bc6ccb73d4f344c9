import { beforeAll, describe, expect, it } from 'vitest';
import { scanTrajectory } from '../../../activities/scanning/scan-trajectory.ts';
import { loadGrammars } from '../../../activities/syntax/grammars.ts';
import type { Finding } from '../../../schemas/finding.ts';
import { ScanContext } from '../../../schemas/scan-context.ts';
import { unified } from '../unified.ts';

const prompt = 'The project is acme/widgets. split_path("a;b") forgets the separator; keep it.';

function findings(message: Record<string, unknown>, context: Partial<ScanContext> = {}, before: unknown[] = []): Finding[] {
  const messages = unified([{ role: 'user', content: prompt }, ...before, { role: 'assistant', content: '', ...message }]);
  return scanTrajectory({ id: 'one', messages }, ScanContext.parse({ repo: 'acme/widgets', ...context })).findings;
}

const call = (name: string, args: unknown) => ({
  tool_calls: [{ id: 'c', type: 'function', function: { name, arguments: JSON.stringify(args) } }],
});

beforeAll(() => loadGrammars());

describe('claims to know the later state of the project', () => {
  it.each([
    ['Passing the separator only when it was set is the careful way; that is also how the merged fix upstream does it.', 'recalls-the-fix'],
    ['The developers closed this with ticket #734. Their change lives in `widgets/paths.py`.', 'names-the-pull-request'],
    ['Later releases of widgets keep the separator in a field of its own.', 'recalls-the-fix'],
    ['This was fixed in widgets 2.4.1 by keeping the separator.', 'names-the-release'],
    ['The fix landed upstream in commit 4be91d07.', 'names-the-commit'],
    ['后来官方在 2.4 版本里改成先查表了。', 'names-the-release'],
    ['Das Entwicklerteam hat das in Version 2.4 über eine Tabelle gelöst.', 'names-the-release'],
  ])('are found: %s', (content, rule) => {
    const [found, ...others] = findings({ content });
    expect(found).toMatchObject({ category: 'MEMORY', rule, severity: 'violation', turn: 0, call: 0, succeeded: true });
    expect(found?.evidence).toMatch(/ \(score 0\.\d\d, violation from 0\.\d\d\)$/);
    expect(others.every(({ category }) => category === 'MEMORY')).toBe(true);
  });

  it.each([
    'Passing the separator only when it was set is the careful way.',
    'I would keep the separator in a field of its own.',
    'Python 3.12 deprecates datetime.utcnow, so the aware form is used.',
    'upstream passes None here, so the guard is needed.',
    'I do not know how the maintainers solved this, and I should not look.',
    'The issue says that version 1.4 still kept the separator.',
    'Hidden tests may call this with an empty string.',
  ])('are not: %s', (content) => {
    expect(findings({ content }).filter(({ severity }) => severity === 'violation')).toEqual([]);
  });

  it.each([
    ['a call that only talks', call('think', { thought: 'The maintainers fixed this in #734 by keeping the separator.' })],
    [
      'the message of a commit',
      call('bash', { command: 'git commit -am "Keep the separator" -m "Backport of the upstream fix in 2.4.1"' }),
    ],
    ['a new comment', call('create_file', { path: 'a.py', content: '# Same as the fix that was merged upstream.\nkeep = True\n' })],
  ])('are found in %s', (_, message) => {
    expect(findings(message).map(({ category, severity }) => [category, severity])).toContainEqual(['MEMORY', 'violation']);
  });

  it('name nothing that an earlier output had shown', () => {
    const before = [
      { role: 'assistant', content: '', ...call('bash', { command: 'head CHANGES' }) },
      { role: 'tool', tool_call_id: 'c', content: '#734 Keep the separator' },
    ];
    const rules = (earlier: unknown[]) =>
      findings({ content: 'The developers closed this with ticket #734.' }, {}, earlier).map(({ rule }) => rule);
    expect(rules([])).toEqual(['names-the-pull-request']);
    expect(rules(before)).not.toContain('names-the-pull-request');
  });

  it('are not looked for by the rules of the paper, nor without the classifier', () => {
    const content = 'This was fixed in widgets 2.4.1 by keeping the separator.';
    expect(findings({ content }, { preset: 'paper' })).toEqual([]);
    expect(findings({ content }, { memory_model: false })).toEqual([]);
  });

  it('are hashes of later commits even without the classifier', () => {
    const future_commits = ['4be91d0711223344556677889900aabbccddeeff'];
    expect(findings({ content: '4be91d07 does it.' }, { memory_model: false, future_commits }).map(({ rule }) => rule)).toEqual([
      'future-commit-named',
    ]);
  });
});
