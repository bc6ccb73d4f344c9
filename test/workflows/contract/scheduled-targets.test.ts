import { expect, it } from 'vitest';
import { ScheduledKind } from '../../../schemas/schedule.ts';
import { scheduledChildren } from '../../../workflows/contract/scheduled-targets.ts';

it('starts one workflow for a file, and one for each variant of a training, by the name of the run', () => {
  const file = { name: 'of the file', variants: { all: {}, python: {} } };
  const started = (kind: ScheduledKind) =>
    scheduledChildren(kind, 'weekly-20260104', file).map(({ workflowId, args }) => ({ workflowId, args }));
  const named = { ...file, name: 'weekly-20260104' };
  expect(started('campaign')).toEqual([{ workflowId: 'campaign/weekly-20260104', args: [{ campaign: 'weekly-20260104', file: named }] }]);
  expect(started('evaluation')).toEqual([{ workflowId: 'evaluation/weekly-20260104', args: [{ file: named }] }]);
  expect(started('pipeline')).toEqual([{ workflowId: 'pipeline/weekly-20260104', args: [named] }]);
  expect(started('training')).toEqual([
    { workflowId: 'training/weekly-20260104/all', args: [{ file: named, variant: 'all' }] },
    { workflowId: 'training/weekly-20260104/python', args: [{ file: named, variant: 'python' }] },
  ]);
});

it('lets each kind be found by what its own command searches', () => {
  for (const kind of ScheduledKind.options) {
    for (const child of scheduledChildren(kind, 'weekly-20260104', { variants: { all: {} } })) {
      expect(child.typedSearchAttributes?.map(({ value }) => value)).toEqual(['weekly-20260104']);
    }
  }
});
