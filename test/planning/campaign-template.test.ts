import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCampaignFile } from '../../activities/planning/campaign-file.ts';
import { campaignTemplate, type CampaignWish } from '../../activities/planning/campaign-template.ts';
import { harnesses } from '../../activities/rollout/harnesses/registry.ts';
import { nameOf } from '../../cli/campaign-wish.ts';
import { CampaignName } from '../../schemas/names.ts';
import { scratchFolder } from '../scratch-folder.ts';

const wish: CampaignWish = {
  name: 'spring',
  tasks: ['task.yaml'],
  harnesses: ['openhands'],
  modes: ['think'],
  model: 'm',
  baseUrl: 'http://localhost:8000/v1',
  samples: 1,
  budgetUsd: 0,
  budgetTokens: 0,
  promptUsdPerMillion: 0,
  completionUsdPerMillion: 0,
};

async function read(changes: Partial<CampaignWish>) {
  const folder = scratchFolder('template');
  const file = join(folder, 'campaign.yaml');
  writeFileSync(file, campaignTemplate({ ...wish, ...changes }));
  return { folder, campaign: await readCampaignFile(file, harnesses) };
}

describe('campaignTemplate', () => {
  it('is a campaign file as it is, with every choice in it', async () => {
    const { folder, campaign } = await read({
      tasks: ['a: b #c.yaml', 'https://data.example.invalid/t.parquet?x=1'],
      harnesses: harnesses.map(({ name }) => name),
      modes: ['think', 'no_think'],
      model: 'org/model: "quoted" #1',
      apiKeyEnv: 'MODEL_KEY',
      thinking: 'suffix',
      samples: 4,
      budgetUsd: 2.5,
      budgetTokens: 1_000_000,
      promptUsdPerMillion: 0.3,
      completionUsdPerMillion: 1.2,
    });
    expect(campaign).toMatchObject({
      name: 'spring',
      tasks: [join(folder, 'a: b #c.yaml'), 'https://data.example.invalid/t.parquet?x=1'],
      modes: { think: 'teacher', no_think: 'teacher' },
      teachers: {
        teacher: {
          model: 'org/model: "quoted" #1',
          api_key_env: 'MODEL_KEY',
          thinking: { control: 'suffix' },
          prices: { prompt_usd_per_million: 0.3, completion_usd_per_million: 1.2 },
        },
      },
      samples: 4,
      budget: { cost_usd: 2.5, tokens: 1_000_000 },
    });
    expect(Object.keys(campaign.harnesses).sort()).toEqual(harnesses.map(({ name }) => name).sort());
  });

  it.each(['123', 'true', 'null', '1e3', '0x10'])('keeps %s a name, which YAML reads as something else', async (name) => {
    expect((await read({ name, model: name })).campaign).toMatchObject({ name, teachers: { teacher: { model: name } } });
  });

  it('shows how the release may be made, and each line of it as it may stand', async () => {
    const shown = campaignTemplate(wish);
    expect((await read({})).campaign.release).toEqual({ build: true, version: 'v1' });
    const file = join(scratchFolder('template'), 'campaign.yaml');
    writeFileSync(file, shown.replaceAll(/^ {2}# (?=redact|form|licences)/gm, '  '));
    expect((await readCampaignFile(file, harnesses)).release).toMatchObject({
      redact: 'all',
      form: 'messages',
      licences: ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause'],
    });
  });

  it('asks for no key where none is named', async () => {
    expect((await read({})).campaign.teachers['teacher']?.api_key_env).toBeUndefined();
  });
});

describe('nameOf', () => {
  it.each([
    ['task.yaml', 'task'],
    ['data/My Tasks.v2.jsonl.gz', 'my-tasks.v2'],
    ['https://data.example.invalid/rows/part.parquet?rev=1', 'part'],
    ['../__tasks__/', 'tasks__'],
    ['…', 'campaign'],
    [`${'x'.repeat(200)}.yaml`, 'x'.repeat(63)],
  ])('makes of %s a name that a campaign may have', (path, name) => {
    expect(nameOf(path)).toBe(name);
    expect(CampaignName.safeParse(name).success).toBe(true);
  });
});
