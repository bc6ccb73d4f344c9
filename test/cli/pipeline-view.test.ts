import { expect, it } from 'vitest';
import { statusText } from '../../cli/pipeline-view.ts';
import type { PipelineStatus } from '../../schemas/pipeline-status.ts';

const status: PipelineStatus = {
  name: 'circle',
  workflow: 'running',
  started_at: '2026-01-02T03:04:05.000Z',
  closed_at: null,
  progress: {
    name: 'circle',
    steps: [
      { stage: 'campaign', name: 'c', state: 'done', started_at: 0, ended_at: 60_000, problem: null },
      { stage: 'training', name: 't/full', state: 'running', started_at: 60_000, ended_at: null, problem: null },
    ],
  },
  doing: 'step 3 of 40, loss 1.250',
  retries: [],
  problem: null,
};

it('a pipeline tells how far its running step is, and where to look for more', () => {
  const lines = statusText(status).split('\n');
  expect(lines.slice(-2)).toEqual(['training t/full: step 3 of 40, loss 1.250', 'its details: tracemill training status t']);
  expect(statusText({ ...status, doing: null })).not.toContain('training t/full:');
});
