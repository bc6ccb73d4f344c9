import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { startEndpoint } from '../model/fake-endpoint.ts';
import { runTracemill } from './run-tracemill.ts';

const secret = 'sk-only-in-the-environment';

let folder: string;
let good: Awaited<ReturnType<typeof startEndpoint>>;
let dropping: Awaited<ReturnType<typeof startEndpoint>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-teacher-check-'));
  process.env['CHECKED_KEY'] = secret;
  good = await startEndpoint({ key: secret, reasoning: 'I look.', sends: 'reasoning', reads: 'reasoning' });
  dropping = await startEndpoint({ reasoning: 'I look.', sends: 'reasoning_content', reads: 'reasoning' });
});

afterAll(async () => {
  delete process.env['CHECKED_KEY'];
  await Promise.all([good.close(), dropping.close()]);
  rmSync(folder, { recursive: true, force: true });
});

/** A campaign file whose modes are produced by these teachers. */
function campaignFile(modes: Record<string, string>): string {
  const path = join(folder, 'campaign.yaml');
  const prices = { prompt_usd_per_million: 1000 };
  const teachers = {
    locked: { model: 'student', base_url: good.url, api_key_env: 'CHECKED_KEY', prices },
    dropping: { model: 'student', base_url: dropping.url },
    away: { model: 'student', base_url: 'http://127.0.0.1:9/v1' },
  };
  writeFileSync(path, stringify({ name: 'spring', tasks: ['tasks.jsonl'], harnesses: { openhands: {} }, modes, teachers }));
  return path;
}

async function check(...args: string[]) {
  const { exitCode, stdout, stderr } = await runTracemill(['teacher', 'check', ...args, '--json']);
  return { exitCode, answer: stdout === '' ? undefined : JSON.parse(stdout), stderr };
}

describe('tracemill teacher check', () => {
  it('reads teachers and their keys by a campaign file, and says what it cost', async () => {
    const { exitCode, answer } = await check(campaignFile({ think: 'locked' }));
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      ok: true,
      checks: [{ teacher: 'locked', mode: 'think', reasoning_form: 'reasoning', requests: 3, problem: null, cost_usd: expect.any(Number) }],
    });
    expect(answer.checks[0].cost_usd).toBeGreaterThan(0.3);
  });

  it('ends with 1 where a teacher is not as rollouts need it, with the way out for people', async () => {
    const file = campaignFile({ think: 'dropping' });
    expect(await check(file)).toMatchObject({ exitCode: 1, answer: { checks: [{ problem: { code: 'endpoint_drops_reasoning' } }] } });
    const { stdout, stderr } = await runTracemill(['teacher', 'check', file]);
    expect(stdout).toMatch(/^teacher dropping, think: .*tool call, reasoning \(reasoning came as reasoning_content\).*3 requests/m);
    expect(stdout).toMatch(/^ {2}endpoint_drops_reasoning: .*\n {2}→ set teachers\.dropping\.thinking\.resend/m);
    expect(stderr).toContain('asking teacher dropping (student) in mode think');
  });

  it('ends with 4 where nothing is known but that a server is away', async () => {
    expect((await check(campaignFile({ think: 'away' }))).exitCode).toBe(4);
    expect((await check(campaignFile({ think: 'away', no_think: 'dropping' }))).exitCode).toBe(1);
    expect((await check(campaignFile({ think: 'away', no_think: 'locked' }), '--teacher', 'away')).exitCode).toBe(4);
  });

  it('asks a server by its address', async () => {
    const found = await check('--url', good.url, '--model', 'student', '--api-key-env', 'CHECKED_KEY', '--mode', 'think');
    expect(found).toMatchObject({ exitCode: 0, answer: { checks: [{ teacher: 'student', mode: 'think' }] } });
    const both = await check('--url', dropping.url, '--model', 'student', '--resend', 'reasoning');
    expect(both).toMatchObject({
      exitCode: 1,
      answer: {
        checks: [
          { mode: 'think', problem: null },
          { mode: 'no_think', problem: { code: 'endpoint_reasons_unasked' } },
        ],
      },
    });
  });

  it.each([
    [[], 'name a campaign file, or --url and --model'],
    [['--url', 'http://127.0.0.1:9/v1'], 'name a campaign file, or --url and --model'],
    [['--url', 'nowhere', '--model', 'm'], 'not an address'],
    [['--url', 'http://127.0.0.1:9/v1', '--model', 'm', '--api-key-env', 'sk-abc'], 'never the key itself'],
    [['--url', 'http://127.0.0.1:9/v1', '--model', 'm', '--control', 'always', '--mode', 'no_think'], 'cannot produce mode no_think'],
  ])('refuses %j', async (args, words) => {
    const { exitCode, stderr } = await check(...args);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain(words);
  });
});
