import { describe, expect, it } from 'vitest';
import { runOf } from '../../activities/planning/run-of-plan.ts';
import { Campaign } from '../../schemas/campaign.ts';
import { PrivateKind } from '../../schemas/private-text.ts';

const plan = { sha256: 'a'.repeat(64), size_bytes: 1, content_type: 'application/json' };

function runWith(release: unknown) {
  const campaign = Campaign.parse({
    name: 'spring',
    tasks: ['/t.jsonl'],
    harnesses: { openhands: {} },
    modes: { think: 't' },
    teachers: { t: { model: 'm', base_url: 'http://localhost/v1' } },
    release,
  });
  return runOf({ campaign, templates: {}, tasks: [], skipped: [] }, plan);
}

describe('the input of a campaign for a plan', () => {
  it('says nothing of how the release is made where the file says nothing', () => {
    expect(runWith({})).not.toHaveProperty('release_options');
    expect(runWith({ build: false }).release).toBeNull();
  });

  it.each([
    ['all', [...PrivateKind.options]],
    ['none', []],
    [
      ['home_folders', 'secrets'],
      ['secrets', 'home_folders'],
    ],
  ])('names each kind that is replaced for redact: %s', (redact, kinds) => {
    expect(runWith({ redact }).release_options).toEqual({ redact: kinds });
  });

  it('hands on the form and the licences', () => {
    expect(runWith({ form: 'messages', licences: 'any' }).release_options).toEqual({ form: 'messages', licences: 'any' });
  });
});
