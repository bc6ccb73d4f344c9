import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSecondJudge, type SecondJudge } from '../../../activities/scanning/index.ts';
import type { Passage } from '../../../activities/scanning/second-judge/passages.ts';
import { journalledSpending } from '../../../activities/model/gateway/journalled-spending.ts';
import { type Finding, ScanReport } from '../../../schemas/finding.ts';
import { JudgeTerms } from '../../../schemas/second-judge.ts';
import { TeacherScript } from '../../../schemas/teacher-script.ts';
import { never, Rig } from '../../model/rig.ts';

const answer = (verdict: string, reason = 'so it is') => JSON.stringify({ reason, verdict });
const script = (task: string, turn: object, more: object = {}) =>
  TeacherScript.parse({ name: task, match: { task }, turns: [turn], ...more });

let rig: Rig;
beforeAll(async () => {
  rig = await Rig.start([{ text: 'x' }], {
    scripts: [
      script('guilty words', { text: answer('violation', 'it names the release') }),
      script('innocent words', { text: `Here you are:\n${answer('clean', 'a plan')}` }),
      script('dark words', { text: answer('unsure') }),
      script('broken answer', { text: 'It is certainly a violation.' }),
      script('slow answer', { text: answer('clean') }, { latency_ms: 20_000 }),
      script('filtered', { text: '', misbehave: [{ kind: 'refused' }] }),
      TeacherScript.parse({
        name: 'knows no forms',
        match: { task: 'old server', headers: { 'idempotency-key': '^second-judge/[0-9a-f]+/0$' } },
        turns: [
          { text: '', misbehave: [{ kind: 'server_error', status: 400, attempts: 'forever', message: 'unknown field response_format' }] },
        ],
      }),
      script('old server', { text: answer('clean') }),
    ],
  });
});
afterAll(() => rig.end());

const passage = (text: string, finding: number | null = null): Passage => {
  return { category: 'MEMORY', turn: 1, call: 0, finding, text, context: text, task: 'Fix it.' };
};
const finding = (severity: Finding['severity'], evidence: string): Finding => {
  return { category: 'MEMORY', rule: 'recalls-the-fix', severity, turn: 1, call: 0, command: '', evidence, succeeded: true };
};
const reportOf = (...findings: Finding[]) =>
  ScanReport.parse({
    id: 'row-1',
    git_hack_attempted: findings.some(({ severity }) => severity === 'violation'),
    findings,
    unparsed: 0,
    scanner_version: 1,
    preset: 'follow-up',
  });

function judge(name: string, terms: object = {}, more: { journalled?: boolean; teacher?: object } = {}): Promise<SecondJudge> {
  return openSecondJudge({
    gateway: rig.gateway,
    campaign: name,
    budget: { tokens: 0, cost_usd: 0 },
    journals: rig.journals,
    teacherName: 'reviewer',
    teacher: rig.profile({ prices: { prompt_usd_per_million: 1, completion_usd_per_million: 1 }, ...more.teacher }),
    terms: JudgeTerms.parse(terms),
    cache: join(rig.home, 'answers', name),
    journalled: more.journalled ?? false,
  });
}

describe('a second judge', () => {
  it('decides on findings and marked passages, and says so in each', async () => {
    const report = reportOf(finding('note', 'guilty words'), finding('violation', 'innocent words'), finding('violation', 'dark words'));
    const passages = [passage('guilty words', 0), passage('innocent words', 1), passage('dark words', 2)];
    const marked = [passage('more guilty words'), passage('more innocent words')];
    const { findings, judging, git_hack_attempted } = await (await judge('deciding')).review(report, [...passages, ...marked], never);
    expect(findings.map(({ evidence, severity, rule, judge: said }) => [evidence, severity, rule, said?.verdict, said?.scanner])).toEqual([
      ['guilty words', 'violation', 'recalls-the-fix', 'violation', 'note'],
      ['innocent words', 'note', 'recalls-the-fix', 'clean', 'violation'],
      ['dark words', 'violation', 'recalls-the-fix', 'unsure', 'violation'],
      ['more guilty words', 'violation', 'second-judge', 'violation', null],
    ]);
    expect(findings[0]?.judge).toMatchObject({ model: 'scripted', reason: 'it names the release' });
    expect(git_hack_attempted).toBe(true);
    expect(judging).toMatchObject({ model: 'scripted', passages: 5, answered: 5, cached: 0, malformed: 0, late: 0 });
    expect(judging?.cost_usd).toBeGreaterThan(0);
    const innocent = await (await judge('deciding')).review(
      reportOf(finding('violation', 'innocent words')),
      [passage('innocent words', 0)],
      never,
    );
    expect(innocent.git_hack_attempted).toBe(false);
  });

  it('leaves findings as they are after answers that are malformed, late or refused, and counts those', async () => {
    const report = reportOf(finding('violation', 'broken answer'), finding('note', 'slow answer'), finding('violation', 'filtered'));
    const passages = [passage('broken answer', 0), passage('slow answer', 1), passage('filtered', 2), passage('innocent words')];
    const judged = await (await judge('failing', { timeout_seconds: 4 })).review(report, passages, never);
    expect(judged.findings.map(({ severity, judge: said }) => [severity, said?.verdict, said?.reason.split(':')[0]])).toEqual([
      ['violation', 'not_judged', 'malformed'],
      ['note', 'not_judged', 'late'],
      ['violation', 'not_judged', 'failed'],
    ]);
    expect(judged.judging).toMatchObject({ passages: 4, malformed: 1, late: 1, failed: 1, answered: 1 });
  });

  it('pays an answer once: again, and for the same passage of another row, it comes from the cache', async () => {
    const first = await (await judge('cached')).review(reportOf(), [passage('guilty words'), passage('broken answer')], never);
    const asked = rig.asked;
    const again = await (await judge('cached')).review(
      reportOf(),
      [{ ...passage('guilty words'), turn: 7 }, passage('broken answer')],
      never,
    );
    expect(rig.asked).toBe(asked);
    expect(again.judging).toMatchObject({ answered: 0, cached: 1, malformed: 1, prompt_tokens: 0, cost_usd: 0 });
    expect(again.findings[0]).toMatchObject({ turn: 7, judge: first.findings[0]?.judge });
    const other = await (await judge('cached', {}, { teacher: { model: 'another' } })).review(reportOf(), [passage('guilty words')], never);
    expect(other.judging).toMatchObject({ model: 'another', answered: 1, cached: 0 });
  });

  it('asks for nothing beyond its budget, and says what was not judged', async () => {
    const passages = [1, 2, 3, 4].map((number) => passage(`guilty words ${number}`));
    const limited = await judge('limited', { budget: { tokens: 2600 } });
    const { judging } = await limited.review(reportOf(), passages, never);
    expect(judging).toMatchObject({ passages: 4, malformed: 0, failed: 0 });
    expect(judging?.answered).toBeGreaterThan(0);
    expect(judging?.over_budget).toBe(4 - (judging?.answered ?? 0));
    expect(judging?.over_budget).toBeGreaterThan(0);
    expect((judging?.prompt_tokens ?? 0) + (judging?.completion_tokens ?? 0)).toBeLessThanOrEqual(2600);
    expect((await limited.review(reportOf(), [passage('guilty words 1')], never)).judging).toMatchObject({ cached: 1, over_budget: 0 });
  });

  it('is asked about so many passages of a trajectory, and no more', async () => {
    const { judging } = await (await judge('few', { passages: 1 })).review(
      reportOf(),
      [passage('guilty words'), passage('dark words')],
      never,
    );
    expect(judging).toMatchObject({ answered: 1, too_many: 1 });
  });

  it('asks without a form where the server does not know it', async () => {
    const old = await judge('old');
    const { judging } = await old.review(reportOf(), [passage('old server, one'), passage('old server, two')], never);
    expect(judging).toMatchObject({ answered: 2, failed: 0 });
  });

  it('gives up on a model that does not answer', async () => {
    const passages = [1, 2, 3, 4, 5, 6].map((number) => passage(`slow answer ${number}`));
    const { judging } = await (await judge('silent', { timeout_seconds: 0.3 })).review(reportOf(), passages, never);
    expect(judging).toMatchObject({ late: 3, failed: 3 });
  });

  it('journals in a campaign what it pays, so that a later process knows what is spent', async () => {
    const first = await judge('journalled', { budget: { tokens: 2600 } }, { journalled: true });
    const { judging } = await first.review(reportOf(), [passage('guilty words, journalled')], never);
    const spent = await journalledSpending(rig.journals, 'journalled');
    expect(spent).toMatchObject({ exchanges: 1, prompt_tokens: judging?.prompt_tokens, completion_tokens: judging?.completion_tokens });
    const budget = { tokens: spent.prompt_tokens + spent.completion_tokens + 10 };
    const later = await judge('journalled', { budget }, { journalled: true });
    const again = await later.review(reportOf(), [passage('guilty words, journalled'), passage('guilty words, later')], never);
    expect(again.judging).toMatchObject({ cached: 1, over_budget: 1 });
  });

  it('stops when its caller does', async () => {
    const stop = new AbortController();
    const reviewing = (await judge('stopped')).review(reportOf(), [passage('slow answer')], stop.signal);
    setTimeout(() => stop.abort(new Error('enough')), 200);
    await expect(reviewing).rejects.toThrow('enough');
  });
});
