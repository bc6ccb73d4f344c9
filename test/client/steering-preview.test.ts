import { describe, expect, it } from 'vitest';
import { previewOf } from '../../client/steering-preview.ts';
import type { CampaignProgress } from '../../schemas/campaign-progress.ts';
import type { CampaignStatus } from '../../schemas/campaign-status.ts';
import { campaignView } from '../web/pages/live-answers.ts';

const spent = {
  teacher: null,
  code: 'budget_spent' as const,
  message: '$1.99 of $2 are spent',
  hint: 'raise it',
  since: '2026-01-01T00:00:00.000Z',
  next_try: null,
};

function standing(state: CampaignProgress['state'], pauses: CampaignStatus['pauses']): CampaignStatus {
  const { status } = campaignView();
  if (status.progress === null) throw new Error('the sample has no progress');
  return { ...status, pauses, progress: { ...status.progress, state, pauses } };
}

describe('the preview of a change', () => {
  it('lets a campaign be paused that waits for its teachers or its budget, and not be resumed', () => {
    const waiting = standing('waiting', [spent]);
    expect(previewOf(waiting, { action: 'pause' })).toMatchObject({ refused: null });
    expect(previewOf(waiting, { action: 'resume' })).toMatchObject({ refused: 'the campaign is not paused but waiting', effects: [] });
  });

  it('says what a resumed campaign still waits for', () => {
    expect(previewOf(standing('paused', [spent]), { action: 'resume' }).effects.at(-1)).toBe('the campaign still waits: budget spent');
    expect(previewOf(standing('paused', []), { action: 'resume' }).effects.join()).not.toContain('waits');
  });
});
