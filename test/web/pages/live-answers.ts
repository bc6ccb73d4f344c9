import type {
  CampaignGrid,
  CampaignView,
  EvaluationView,
  FunnelView,
  NightlyView,
  TaskView,
  TrainingView,
} from '../../../schemas/web-live.ts';
import {
  CampaignGrid as Grid,
  CampaignView as View,
  EvaluationView as Evaluation,
  FunnelView as FunnelShape,
} from '../../../schemas/web-live.ts';
import { NightlyView as Nightly, TaskView as Task, TrainingView as Training } from '../../../schemas/web-live.ts';

const counts = {
  planned: 400,
  open: 40,
  gated_out: 20,
  lost: 3,
  dropped: 60,
  dropped_by: { no_patch: 60 },
  kept: 277,
  resolved: 101,
  unresolved: 170,
  unknown: 6,
};
export const campaignLine = {
  name: 'demo',
  collection: 'campaign.demo',
  evaluation: null,
  state: 'running',
  started_at: '2026-11-30T01:00:00.000Z',
  counts,
  pauses: [],
};

const ago = (seconds: number) => new Date(Date.now() - seconds * 1000).toISOString();

export function campaignView(change: Partial<CampaignView> = {}): CampaignView {
  const totals = {
    planned: 400,
    done: 360,
    lost: 3,
    kept: 277,
    resolved: 101,
    turns: 20_000,
    prompt_tokens: 9e6,
    completion_tokens: 1e6,
    cost_usd: 45,
  };
  const progress = {
    campaign: 'demo',
    state: 'running',
    tasks: 100,
    skipped: 0,
    started: 95,
    in_flight: ['owner__repo-00001', 'owner__repo-00002'],
    prefetched: [],
    counts: { done: 90, gated_out: 5, failed: 0, cancelled: 0 },
    totals,
    concurrency: 4,
    budget: { tokens: 0, cost_usd: 100 },
    pauses: [],
    detail: '',
    release: null,
  };
  return View.parse({
    missing: [],
    collection: 'campaign.demo',
    version: 'v1',
    status: {
      campaign: 'demo',
      workflow: 'running',
      started_at: ago(7200),
      closed_at: null,
      progress,
      funnel: { total: counts, cells: [] },
      pauses: [],
      busy: [],
      retries: [],
      budget: { tokens: 0, cost_usd: 100 },
      spending: { source: 'gateway', turns: 20_000, prompt_tokens: 9e6, completion_tokens: 1e6, cost_usd: 45 },
      turns_per_minute: 12.5,
      left: { rollouts: 40, turns: 2000, cost_usd: 5, minutes: 160 },
    },
    endings: { submitted: 300, turn_limit: 40, stuck: 17 },
    teachers: [{ name: 'main', model: 'teacher-1', state: 'waiting', detail: 'HTTP 503, next try in 30 s', since: ago(95) }],
    waiting: [
      waits('openhands think 0', 'model', 432),
      waits('sweagent think 1', 'tool', 41),
      waits('sweagent think 2', 'retry', 30),
      waits('openhands think 3', 'queue', 5),
    ],
    waiting_more: 0,
    report: [{ kind: 'task', where: 'owner__repo-00009', code: 'image_missing', message: 'no such image', hint: 'build it' }],
    report_more: 0,
    ...change,
  });
}

function waits(where: string, waiting_for: string, seconds: number) {
  return { where, instance_id: 'owner__repo-00001', waiting_for, since: ago(seconds), detail: '' };
}

export function grid(tasks: number): CampaignGrid {
  const harnesses = ['openhands', 'sweagent'];
  return Grid.parse({
    missing: [],
    cells: harnesses.flatMap((harness) => [0, 1].map((sample) => ({ harness, mode: 'think', sample }))),
    codes: ['planned', 'rollout', 'done · kept', 'done · dropped', 'lost'],
    tasks: Array.from({ length: tasks }, (_, n) => ({
      instance_id: `owner__repo-${String(n).padStart(5, '0')}`,
      state: 'done',
      cells: [2, n % 5, (n + 1) % 5, 3],
    })),
    matched: tasks,
    total: tasks,
    next: null,
  });
}

export function taskView(rows: readonly string[]): TaskView {
  return Task.parse({
    missing: [],
    collection: 'campaign.demo',
    detail: null,
    problem: null,
    rollouts: rows.map((row, sample) => ({
      row,
      harness: 'openhands',
      mode: 'think',
      sample,
      stage: 'rollout',
      ending: null,
      fate: null,
      resolved: null,
      turns: 3,
      cost_usd: 0.2,
      waiting_for: sample === 0 ? 'model' : 'tool',
      since: ago(sample === 0 ? 432 : 41),
    })),
    before: null,
    after: 'owner__repo-00002',
  });
}

export function funnel(): FunnelView {
  const step = (stage: string, name: string, value: number, where: Record<string, string[]> | null) => ({
    stage,
    name,
    counts: 'rollouts',
    value,
    where,
  });
  return FunnelShape.parse({
    missing: [],
    collection: 'campaign.demo',
    steps: [
      step('generated', 'planned', 200, {}),
      step('verified', 'resolved', 80, { resolved: ['1'] }),
      step('filtered', 'dropped by no_patch', 40, { rule: ['no_patch'] }),
      step('scanned', 'with a finding', 19, { findings: ['1'] }),
      step('released', 'kept', 160, { fate: ['kept'] }),
    ],
  });
}

export function training(): TrainingView {
  return Training.parse({
    missing: [],
    variants: [
      {
        status: {
          training: 'small',
          variant: 'lora',
          workflow: 'running',
          started_at: ago(600),
          closed_at: null,
          progress: null,
          watch: {
            state: 'running',
            detail: '',
            step: 50,
            total: 200,
            loss: 1.23,
            checkpoint: null,
            log_offset: 0,
            counted: null,
            heard_at: ago(3),
          },
          doing: null,
          retries: [],
          problem: null,
        },
        needs: { nodes: 1, gpus_per_node: 8, gpu_memory_gb: 80, cpus_per_node: 16, memory_mb_per_node: 131072, time_limit_seconds: null },
        curve: { step: Array.from({ length: 50 }, (_, n) => n + 1), loss: Array.from({ length: 50 }, (_, n) => 3 / (1 + n / 20)) },
      },
    ],
  });
}

export function nightly(): NightlyView {
  const check = (verdict: string) => ({
    format: 1,
    series: 'night',
    alarm: {
      evaluation: 'night-2',
      baseline: 'night-1',
      verdict,
      reasons: verdict === 'regression' ? ['fell by 9 points'] : [],
      tests: [],
    },
    checked_at: '2026-11-29T04:00:00.000Z',
  });
  const point = (evaluation: string, rate: number, verdict: string | null) => ({
    evaluation,
    at: '2026-11-29T04:00:00.000Z',
    n: 120,
    rate,
    low: rate - 0.08,
    high: rate + 0.08,
    commit: 'abc1234',
    check: verdict === null ? null : check(verdict),
  });
  return Nightly.parse({
    missing: [],
    points: [point('night-1', 0.41, null), point('night-2', 0.32, 'regression')],
    alarm_below: 0.35,
    baseline: 'night-1',
  });
}

export function evaluation(): EvaluationView {
  return Evaluation.parse({
    missing: [],
    status: {
      evaluation: 'night-2',
      workflow: 'completed',
      started_at: ago(9000),
      closed_at: ago(60),
      progress: null,
      doing: [],
      rollouts: null,
      problem: null,
    },
    figures: null,
    commit: 'abc1234',
    changed: [
      {
        instance_id: 'owner__repo-00001',
        cell: 'openhands/think',
        before: 'resolved',
        now: 'unresolved',
        collection: 'campaign.demo',
        row: null,
        baseline: { collection: null, row: null },
      },
    ],
    baselines: ['night-1'],
  });
}
