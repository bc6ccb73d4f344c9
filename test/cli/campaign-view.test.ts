import { describe, expect, it } from 'vitest';
import { countFunnel } from '../../activities/ledger/funnel.ts';
import { progressLine, statusText } from '../../cli/campaign-view.ts';
import type { CampaignProgress } from '../../schemas/campaign-progress.ts';
import { CampaignStatus } from '../../schemas/campaign-status.ts';

const none = countFunnel([]).total;
const totals = { planned: 0, done: 0, lost: 0, kept: 0, resolved: 0, turns: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 };

function unplanned(state: CampaignProgress['state'], detail: string): CampaignStatus {
  return CampaignStatus.parse({
    campaign: 'spring',
    workflow: state === 'failed' ? 'failed' : 'running',
    started_at: '2026-01-01T00:00:00.000Z',
    closed_at: null,
    progress: {
      campaign: 'spring',
      state,
      tasks: 0,
      skipped: 0,
      started: 0,
      in_flight: [],
      prefetched: [],
      counts: { done: 0, gated_out: 0, failed: 0, cancelled: 0 },
      totals,
      concurrency: 8,
      budget: { tokens: 0, cost_usd: 0 },
      pauses: [],
      detail,
      release: null,
    },
    funnel: { total: none, cells: [] },
    pauses: [],
    busy: [],
    retries: [],
    budget: { tokens: 0, cost_usd: 0 },
    spending: { source: 'ended_tasks', turns: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 },
    turns_per_minute: null,
    left: null,
  });
}

describe('the status of a campaign', () => {
  it('names a teacher that could not be asked before it began', () => {
    const status = unplanned('running', '');
    const check = { teacher: 'big', model: 'm', mode: 'think' as const, passed: [], unchecked: [], reasoning_form: null };
    const problem = { code: 'endpoint_unreachable', message: 'http://big/v1 does not answer', hint: 'start it' };
    const spent = { requests: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 };
    const teacher_checks = [
      { ...check, ...spent, problem },
      { ...check, ...spent, mode: 'no_think' as const, problem: null },
    ];
    const progress = status.progress === null ? null : { ...status.progress, teacher_checks };
    const lines = statusText({ ...status, progress })
      .split('\n')
      .filter((line) => line.includes('was not checked'));
    expect(lines).toEqual(['teacher big was not checked in mode think: endpoint_unreachable: http://big/v1 does not answer']);
  });

  it('says which teacher refuses requests for now, since when and how many wait', () => {
    const busy = [{ teacher: 'big', since: '2026-01-01T00:00:00.000Z', message: '429 slow down', waiting: 7 }];
    const status = { ...unplanned('running', ''), busy };
    const text = statusText(status, Date.parse('2026-01-01T00:03:00.000Z'));
    expect(text).toContain('teacher big is busy: it has refused every request for 3 min, 7 more wait; they are repeated: 429 slow down');
    expect(progressLine(status)).toContain('; teacher big is busy: 429 slow down');
    expect(statusText({ ...status, busy: [] })).not.toContain('busy');
  });

  it('counts the verdicts in doubt among the kept rows, where there are some', () => {
    const status = { ...unplanned('planning', ''), progress: null };
    const funnel = { total: { ...none, planned: 4, kept: 3, resolved: 2, ambiguous: 1 }, cells: [] };
    expect(statusText({ ...status, funnel })).toContain('3 kept (2 resolved, 1 ambiguous)');
    expect(statusText(status)).not.toContain('ambiguous');
  });
});

describe('the release of a campaign in its status', () => {
  const done = (release: CampaignProgress['release']) => {
    const status = unplanned('done', '');
    return statusText({ ...status, progress: status.progress === null ? null : { ...status.progress, release } }).split('\n');
  };
  const release = { version: 'v1', rows: 5, manifest_sha256: '0', folder: '/r' };

  it('says what is left out for its licence, and what was replaced', () => {
    const lines = done({ ...release, refused_licence_rows: 2, redacted: { rows: 3, places: 9 } });
    expect(lines).toContain('release v1: 5 rows in /r');
    expect(lines).toContainEqual(expect.stringContaining('2 kept rows are left out for their licence'));
    expect(lines).toContain('  replaced by redaction: 9 places in 3 rows');
    expect(done({ ...release, redacted: { rows: 0, places: 0 } })).toContain('  replaced by redaction: 0 places in 0 rows');
  });

  it('says neither where there is none', () => {
    expect(done({ ...release, refused_licence_rows: 0 }).join('\n')).not.toMatch(/left out|replaced/);
  });
});

describe('the status of a campaign without a plan', () => {
  it('says that its inputs are being read, and shows no figures', () => {
    expect(statusText(unplanned('planning', ''))).toBe(
      'spring: planning\nits inputs are being read and its teachers are checked; nothing has begun yet',
    );
  });

  it('says why it could not be planned, and what to do', () => {
    expect(statusText(unplanned('failed', 'bad_campaign: no task is left'))).toBe(
      'spring: failed (bad_campaign: no task is left)\nnothing has begun; correct the file, its inputs or its teachers and start it again',
    );
  });
});
