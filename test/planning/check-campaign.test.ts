import { describe, expect, it } from 'vitest';
import { checkCampaign } from '../../activities/planning/plan-campaign.ts';
import { Campaign } from '../../schemas/campaign.ts';
import { planningNeeds } from '../../workers/planning-needs.ts';

/** A campaign as a client may send it that knows no harness. */
function campaign(harnesses: Record<string, object>): Campaign {
  const teachers = { t: { model: 'm', base_url: 'http://localhost/v1' } };
  return Campaign.parse({ name: 'sent', tasks: ['t'], harnesses, modes: { think: 't' }, teachers });
}

describe('a campaign that no command line has checked', () => {
  it('gets defaults and texts of its harnesses', async () => {
    const checked = await checkCampaign(campaign({ sweagent: { max_turns: 7 } }), planningNeeds);
    expect(checked.campaign.harnesses).toEqual({ sweagent: expect.objectContaining({ max_turns: 7, max_requeries: 3 }) });
    expect(Object.keys(checked.templates)).toEqual(['sweagent']);
    expect(await checkCampaign(checked.campaign, planningNeeds)).toEqual(checked);
  });

  it('is refused for harnesses and settings that there are not, with all of them', async () => {
    await expect(checkCampaign(campaign({ openhand: {}, sweagent: { max_turns: 0, turns: 3 } }), planningNeeds)).rejects.toMatchObject({
      code: 'bad_campaign',
      message: expect.stringMatching(
        /^campaign sent: harnesses\.openhand: there is no such harness; did you mean openhands\?.*; harnesses\.sweagent\.max_turns: .*; harnesses\.sweagent: .*turns/,
      ),
    });
  });
});
