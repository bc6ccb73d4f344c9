import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCampaignFile } from '../../activities/planning/campaign-file.ts';
import { harnesses } from '../../activities/rollout/harnesses/registry.ts';
import { messageOf } from '../../schemas/problem.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-campaign-'));
  path = join(folder, 'campaign.yaml');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const good = `name: first
tasks: [tasks.jsonl, https://example.org/tasks.parquet]
harnesses:
  openhands: { templates: prompts }
modes: { think: minimax }
teachers:
  minimax: { model: MiniMax-M2.5, base_url: http://localhost:8000/v1 }
`;

async function complaint(text: string): Promise<string> {
  writeFileSync(path, text);
  return await readCampaignFile(path, harnesses).then(
    () => 'none',
    (error: unknown) => messageOf(error).replaceAll(path, 'FILE'),
  );
}

describe('a campaign file', () => {
  it('names a second judge among its teachers', async () => {
    expect(await complaint(`${good}scanning: { judge: { teacher: minimax, budget: { tokens: 5000 } } }\n`)).toBe('none');
    expect(await complaint(`${good}scanning: { judge: { teacher: reviewer } }\n`)).toContain(
      'scanning.judge.teacher: no teacher is called "reviewer"; the file has minimax',
    );
    expect(await complaint(`${good}scanning: { judge: { teacher: minimax, categories: [GUESS] } }\n`)).toContain(
      'scanning.judge.categories',
    );
  });

  it('is read with its defaults, and paths taken from its folder', async () => {
    writeFileSync(path, good);
    expect(await readCampaignFile(path, harnesses)).toMatchObject({
      name: 'first',
      tasks: [join(folder, 'tasks.jsonl'), 'https://example.org/tasks.parquet'],
      harnesses: { openhands: { max_turns: 250, templates: join(folder, 'prompts') } },
      concurrency: 8,
      release: { build: true, version: 'v1' },
    });
  });

  it('says how the release at its end is made', async () => {
    const release = '{ version: v2, form: messages, redact: [emails, secrets], licences: [mit, Apache 2.0] }';
    writeFileSync(path, `${good}release: ${release}\n`);
    expect((await readCampaignFile(path, harnesses)).release).toEqual({
      build: true,
      version: 'v2',
      form: 'messages',
      redact: ['emails', 'secrets'],
      licences: ['mit', 'Apache 2.0'],
    });
    expect(await complaint(`${good}release: { redact: [emails, passwords] }\n`)).toContain('release.redact');
    expect(await complaint(`${good}release: { form: rows }\n`)).toContain('release.form');
    expect(await complaint(`${good}release: { licences: [MIT, Mine] }\n`)).toContain('release.licences: Mine is no licence');
  });

  it('may be JSON', async () => {
    const campaign = { name: 'j', tasks: ['t'], harnesses: { sweagent: {} }, modes: { no_think: 't' } };
    const teachers = { t: { model: 'm', base_url: 'http://localhost/v1' } };
    writeFileSync(path, JSON.stringify({ ...campaign, teachers }));
    expect((await readCampaignFile(path, harnesses)).harnesses['sweagent']).toMatchObject({ max_turns: 250 });
  });

  it('may not pass for the campaign of an evaluation', async () => {
    expect(await complaint(good.replace('name: first', 'name: evaluation.first'))).toMatch(/^FILE: name: .* those of evaluations/);
    expect(await complaint(`${good}purpose: evaluation\n`)).toMatch(/^FILE: purpose: evaluations set it/);
    expect(await complaint(`${good}purpose: fun\n`)).toMatch(/^FILE:8:10: purpose: /);
  });

  it('names line and column of what is not YAML', async () => {
    expect(await complaint(`${good}samples: [1\nbudget: {}\n`)).toMatch(/^FILE:(8|9|10):\d+: /);
    expect(await complaint('name: a\nname: b\n')).toMatch(/^FILE:2:1: /);
  });

  it.each([
    ['concurrency: 0', /^FILE:8:14: concurrency: /],
    ['samples: many', /^FILE:8:10: samples: /],
    ['rollout: { timeout_hours: 6, heartbeat_secs: 3 }', /^FILE:8:10: rollout: .*heartbeat_secs/],
    ['budget:\n  cost_usd: -1', /^FILE:9:13: budget\.cost_usd: /],
    ['release: { version: "../up" }', /^FILE:8:21: release\.version: /],
  ])('names line, column and field of %j', async (line, expected) => {
    expect(await complaint(`${good}${line}\n`)).toMatch(expected);
  });

  it.each([
    ['openhands: { max_turns: 0 }', /^FILE:4:27: harnesses\.openhands\.max_turns: /],
    ['openhands: { turns: 3 }', /^FILE:4:14: harnesses\.openhands: .*turns/],
    ['openhands:', /^FILE:4:13: harnesses\.openhands: /],
    [
      'openhand: { max_turns: 3 }',
      /^FILE:4:13: harnesses\.openhand: there is no such harness; did you mean openhands\? \(there are: openhands, sweagent\)$/,
    ],
    ['SWE-agent: {}', /^FILE:4:14: harnesses\.SWE-agent: there is no such harness; did you mean sweagent\?/],
    ['aider: {}', /^FILE:4:10: harnesses\.aider: there is no such harness \(/],
    ['# none', /^FILE:3:11: harnesses: /],
  ])('names line, column and field of the harness %j', async (line, expected) => {
    const said = await complaint(good.replace('openhands: { templates: prompts }', line));
    expect(said).toMatch(expected);
    expect(said.split('\n')).toHaveLength(1);
  });

  it('names everything that is wrong at once', async () => {
    expect((await complaint(`${good.replace('prompts', '3')}concurrency: 0\nsamples: 0\n`)).split('\n')).toHaveLength(3);
  });

  it('refuses a key where the name of a variable belongs', async () => {
    const text = good.replace('/v1 }', '/v1, api_key_env: sk-secret }');
    const said = await complaint(text);
    expect(said).toMatch(/^FILE:7:\d+: teachers\.minimax\.api_key_env: .*NAME of an environment variable/);
    expect(said).not.toContain('sk-secret');
  });

  it('names a mode whose teacher is not there, and a field that is missing', async () => {
    expect(await complaint(good.replace('think: minimax', 'think: qwen'))).toContain(
      'modes.think: no teacher is called "qwen"; the file has minimax',
    );
    expect(await complaint(good.replace('name: first\n', ''))).toMatch(/^FILE:1:1: name: /);
  });

  it('that is not there is a bad campaign too', async () => {
    await expect(readCampaignFile(join(folder, 'none.yaml'), harnesses)).rejects.toMatchObject({ code: 'bad_campaign' });
  });
});
