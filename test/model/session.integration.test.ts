import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TeacherScript } from '../../schemas/teacher-script.ts';
import type { Exchange } from '../../schemas/turn.ts';
import { Rig, always, asking, never, spoilt, thrownBy, until } from './rig.ts';

let rig: Rig;
afterEach(() => rig.end());

describe('an exchange', () => {
  it('gives reasoning, calls, usage and finish reason, and stands in the journal', async () => {
    rig = await Rig.start([always]);
    const { session, journal } = await rig.session({
      teacher: { prices: { prompt_usd_per_million: 1000, completion_usd_per_million: 2000 } },
    });
    const exchange = await session.exchange(asking(0), never);
    expect(exchange.reply).toEqual({
      content: 'On it.',
      reasoning_content: 'Let me look.',
      reasoning_form: 'reasoning_content',
      tool_calls: [{ id: 'scripted_0_0', type: 'function', function: { name: 'execute_bash', arguments: '{"command":"ls"}' } }],
      finish_reason: 'tool_calls',
      model: 'scripted',
    });
    expect(exchange.cost_usd).toBeCloseTo((exchange.usage.prompt_tokens * 1000 + exchange.usage.completion_tokens * 2000) / 1e6);
    expect(journal.exchange(0)).toMatchObject({ ...exchange, turn: 0 });
    await journal.close();
    expect((await rig.journal()).exchange(0)).toMatchObject(exchange);
  });

  it('is the same from a server that does not stream', async () => {
    rig = await Rig.start([always]);
    const { session } = await rig.session({ teacher: { streaming: false } });
    expect((await session.exchange(asking(0), never)).reply).toMatchObject({ content: 'On it.', reasoning_content: 'Let me look.' });
  });

  it('comes from the journal without a request when it was paid before', async () => {
    rig = await Rig.start([always]);
    const first = await rig.session();
    const paid = await first.session.exchange(asking(0), never);
    await first.journal.close();
    const { session } = await rig.session();
    expect(await session.exchange(asking(0), never)).toEqual(paid);
    expect(rig.asked).toBe(1);
  });

  it('is refused when the journal holds another request under its number', async () => {
    rig = await Rig.start([always]);
    const { session } = await rig.session();
    await session.exchange(asking(0), never);
    expect(await thrownBy(session.exchange(asking(0, 'Solve something else.'), never))).toMatchObject({ code: 'request_diverged' });
  });

  it('names rollout, exchange and attempt in its headers', async () => {
    rig = await Rig.start([always]);
    await (await rig.session()).session.exchange(asking(0), never);
    expect(rig.teacher.log()[0]).toMatchObject({ key: 'trial/owner__repo-1/openhands/think/0/0', attempt: 1 });
  });
});

describe('earlier reasoning', () => {
  const script = TeacherScript.parse({
    name: 'reads only what it sends',
    turns: [{ reasoning: 'thought '.repeat(100), text: 'On it.', repeat: 'forever' }],
    reasoning_field: 'reasoning',
    reads_reasoning: ['reasoning'],
  });
  const second = ({ reply: { content, reasoning_content } }: Exchange) => ({
    ...asking(1),
    messages: [
      ...asking(1).messages,
      { role: 'assistant' as const, content, ...(reasoning_content !== undefined && { reasoning_content }) },
      { role: 'user' as const, content: 'Go on.' },
    ],
  });

  async function promptTokens(sample: number, resend?: string): Promise<number> {
    const { session } = await rig.session({ sample, teacher: resend === undefined ? {} : { thinking: { resend } } });
    return (await session.exchange(second(await session.exchange(asking(0), never)), never)).usage.prompt_tokens;
  }

  it('reaches the prompt of a server that reads one field alone, since it goes back as it came', async () => {
    rig = await Rig.start([always], { scripts: [script] });
    const [read, dropped] = [await promptTokens(0), await promptTokens(1, 'reasoning_content')];
    expect(read).toBeGreaterThan(dropped + 150);
  });

  it('goes back in the same bytes when a rollout is resumed from its journal', async () => {
    rig = await Rig.start([always], { scripts: [script] });
    const first = await rig.session();
    const paid = await first.session.exchange(asking(0), never);
    const next = await first.session.exchange(second(paid), never);
    await first.journal.close();
    const { session } = await rig.session();
    expect(await session.exchange(second(await session.exchange(asking(0), never)), never)).toEqual(next);
    expect(rig.asked).toBe(2);
  });
});

describe('waiting', () => {
  it('stops when the signal aborts, while the request goes on for the next one that asks', async () => {
    rig = await Rig.start([always], { latencyMs: 400 });
    const { session } = await rig.session();
    const shutdown = new AbortController();
    const waiting = thrownBy(session.exchange(asking(0), shutdown.signal));
    await until(() => rig.asked === 1);
    shutdown.abort(new Error('the worker shuts down'));
    expect(await waiting).toMatchObject({ message: 'the worker shuts down' });
    expect((await session.exchange(asking(0), never)).reply.content).toBe('On it.');
    expect(rig.asked).toBe(1);
  });

  it('ends with the request when the rollout is cancelled', async () => {
    rig = await Rig.start([always], { latencyMs: 60_000 });
    const { session } = await rig.session();
    const waiting = thrownBy(session.exchange(asking(0), never));
    await until(() => rig.asked === 1);
    await session.cancel();
    expect(await waiting).toMatchObject({ code: 'rollout_cancelled' });
    await until(() => rig.teacher.log().some((entry) => entry.event === 'aborted'));
  });

  it('for the same exchange by two sessions makes one request', async () => {
    rig = await Rig.start([always], { latencyMs: 200 });
    const one = await rig.session();
    const other = await rig.session({ gateway: rig.client() });
    const replies = await Promise.all([one.session.exchange(asking(0), never), other.session.exchange(asking(0), never)]);
    expect(replies[0]).toEqual(replies[1]);
    expect(rig.asked).toBe(1);
  });
});

describe('a key', () => {
  const secret = 'sk-trial-7f3a/9c+e1 d0';

  it('appears in no message, log or journal, even when the server repeats it', async () => {
    rig = await Rig.start(
      [spoilt({ kind: 'server_error', status: 500, echo_key: true }, { kind: 'server_error', status: 401, attempts: 9, echo_key: true })],
      { apiKey: secret },
      { TEACHER_KEY: secret },
    );
    const { session, journal } = await rig.session({ teacher: { api_key_env: 'TEACHER_KEY' } });
    const waiting = thrownBy(session.exchange(asking(0), never));
    await until(async () => (await rig.gateway.status())?.teachers[0]?.pause?.code === 'teacher_unauthorized');
    const status = await rig.gateway.status();
    expect(status?.teachers[0]?.pause).toMatchObject({ code: 'teacher_unauthorized', message: expect.stringContaining('[secret]') });
    await until(async () => journal.notes.length > 0);
    expect(journal.notes[0]?.detail).toContain('[secret]');
    const texts = [
      JSON.stringify(status),
      readFileSync(join(rig.home, 'logs', 'gateway.log'), 'utf8'),
      readFileSync(journal.path, 'utf8'),
      readFileSync(`/proc/${status?.pid}/environ`, 'utf8'),
      readFileSync(`/proc/${status?.pid}/cmdline`, 'utf8'),
    ];
    for (const text of texts) expect(text).not.toContain(secret);
    await session.cancel();
    expect(await waiting).toMatchObject({ code: 'rollout_cancelled' });
  });

  it('that the worker does not have is waited for, without a request', async () => {
    rig = await Rig.start([always], { apiKey: secret });
    const teacher = { api_key_env: 'TEACHER_KEY' };
    const first = await rig.session({ teacher });
    const waiting = first.session.exchange(asking(0), never);
    await until(async () => (await rig.gateway.status())?.teachers[0]?.pause?.code === 'key_missing');
    expect(rig.asked).toBe(0);
    const later = await rig.session({ teacher, gateway: rig.client({ TEACHER_KEY: secret }) });
    expect(await later.session.exchange(asking(0), never)).toEqual(await waiting);
    expect(rig.asked).toBe(1);
  });

  it('that is refused is tried again at once when a worker brings another one', async () => {
    rig = await Rig.start([always], { apiKey: secret }, { TEACHER_KEY: 'sk-an-old-one' });
    const teacher = { api_key_env: 'TEACHER_KEY' };
    const [first, second] = [await rig.session({ teacher, sample: 0 }), await rig.session({ teacher, sample: 1 })];
    const waiting = [first.session.exchange(asking(0), never), second.session.exchange(asking(0), never)];
    await until(async () => (await rig.gateway.status())?.teachers[0]?.pause?.code === 'teacher_unauthorized');
    const started = Date.now();
    const later = await rig.session({ teacher, gateway: rig.client({ TEACHER_KEY: secret }) });
    await later.session.exchange(asking(0), never);
    await Promise.all(waiting);
    expect(Date.now() - started).toBeLessThan(4000);
  });

  it('of a later worker reaches a gateway that another one started', async () => {
    rig = await Rig.start([always], { apiKey: secret });
    await rig.gateway.ready();
    const { session } = await rig.session({ teacher: { api_key_env: 'TEACHER_KEY' }, gateway: rig.client({ TEACHER_KEY: secret }) });
    expect((await session.exchange(asking(0), never)).reply.content).toBe('On it.');
  });
});
