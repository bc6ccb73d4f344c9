import { existsSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { Connection } from '../../activities/model/gateway/connection.ts';
import { Gateway, defaultKeep } from '../../activities/model/gateway/gateway.ts';
import { gatewaySocket } from '../../activities/model/gateway/socket-path.ts';
import { requestBody } from '../../activities/model/request-body.ts';
import { Redactor } from '../../platform/redactor.ts';
import { GatewayClient } from '../../activities/model/gateway/client.ts';
import { journalPath } from '../../activities/journal/journal.ts';
import { askedTwice } from '../../demo/scripted-teacher/request-log.ts';
import { Rig, always, asking, key, never, thrownBy, until } from './rig.ts';

let rig: Rig;
afterEach(() => rig.end());

describe('the budget', () => {
  it('holds a rollout back before a request that would overrun it, until it is raised', async () => {
    rig = await Rig.start([always]);
    const { session } = await rig.session({ budget: { tokens: 400 }, teacher: { sampling: { max_tokens: 50 } } });
    let answered = 0;
    const rollout = (async () => {
      for (; answered < 20; answered++) await session.exchange(asking(answered), never);
    })();
    await until(async () => (await rig.campaign())?.pauses[0]?.code === 'budget_spent');
    const spent = await rig.campaign();
    expect((spent?.prompt_tokens ?? 0) + (spent?.completion_tokens ?? 0)).toBeLessThanOrEqual(400);
    expect(answered).toBeGreaterThan(1);
    expect(answered).toBeLessThan(20);
    await rig.gateway.setBudget('trial', { tokens: 100_000, cost_usd: 0 });
    await rollout;
    expect(await rig.campaign()).toMatchObject({ pauses: [], running: 0, exchanges: 20, budget: { tokens: 100_000 } });
    expect(rig.asked).toBe(20);
  });

  it('is not overrun by rollouts that ask at the same time', async () => {
    rig = await Rig.start([always], { latencyMs: 100 });
    const sessions = await Promise.all(
      [0, 1, 2, 3, 4, 5].map((sample) => rig.session({ sample, budget: { tokens: 400 }, teacher: { sampling: { max_tokens: 50 } } })),
    );
    const results = sessions.map(({ session }) => thrownBy(session.exchange(asking(0), never)));
    await until(async () => {
      const campaign = await rig.campaign();
      return campaign?.pauses.length === 1 && campaign.reserved_tokens === 0;
    });
    const campaign = await rig.campaign();
    expect((campaign?.prompt_tokens ?? 0) + (campaign?.completion_tokens ?? 0)).toBeLessThanOrEqual(400);
    expect(campaign?.running).toBeGreaterThan(0);
    await Promise.all(sessions.map(({ session }) => session.cancel()));
    await Promise.all(results);
    expect((await rig.campaign())?.pauses).toEqual([]);
  });

  it('does not start at 0 when the journals cannot be read, and counts again once they can', async () => {
    rig = await Rig.start([always]);
    const { session } = await rig.session();
    await session.exchange(asking(0), never);
    await rig.gateway.stop(false);
    await until(async () => (await rig.client().status()) === undefined);
    const folder = join(rig.journals, 'trial');
    renameSync(folder, `${folder}.away`);
    writeFileSync(folder, 'no folder');
    expect(await thrownBy(session.exchange(asking(1), never))).toMatchObject({ code: 'gateway_failed' });
    expect(await thrownBy(session.exchange(asking(1), never))).toMatchObject({ code: 'gateway_failed' });
    rmSync(folder);
    renameSync(`${folder}.away`, folder);
    expect((await session.exchange(asking(1), never)).reply.content).toBe('On it.');
    expect(rig.asked).toBe(2);
  });

  it('counts what the journals say after a restart of the gateway', async () => {
    rig = await Rig.start([always]);
    const { session } = await rig.session();
    for (let exchange = 0; exchange < 3; exchange++) await session.exchange(asking(exchange), never);
    const before = (await rig.campaign())?.prompt_tokens;
    await rig.gateway.stop(false);
    await until(async () => (await rig.client().status()) === undefined);
    await session.exchange(asking(3), never);
    const after = (await rig.campaign())?.prompt_tokens;
    expect(before).toBeGreaterThan(0);
    expect(after).toBeCloseTo(((before ?? 0) / 3) * 4);
  });
});

describe('the gateway', () => {
  it('keeps to the concurrency of a teacher', async () => {
    rig = await Rig.start([always], { latencyMs: 30 });
    const sessions = await Promise.all(Array.from({ length: 12 }, (_, sample) => rig.session({ sample, teacher: { concurrency: 3 } })));
    await Promise.all(sessions.map(({ session }) => session.exchange(asking(0), never)));
    expect(rig.teacher.peak()).toBe(3);
  });

  it('serves 200 rollouts at once', async () => {
    // An answer takes longer than a busy machine needs to send 200 requests.
    rig = await Rig.start([always], { latencyMs: 1500 });
    const sessions = await Promise.all(Array.from({ length: 200 }, (_, sample) => rig.session({ sample, teacher: { concurrency: 256 } })));
    await Promise.all(
      sessions.map(async ({ session, journal }) => {
        for (let exchange = 0; exchange < 3; exchange++) await session.exchange(asking(exchange), never);
        await journal.close();
      }),
    );
    expect(rig.asked).toBe(600);
    expect(askedTwice(rig.teacher.log())).toEqual([]);
    expect(rig.teacher.peak()).toBeGreaterThan(150);
  });

  it('is one, however many workers start it at the same time', async () => {
    rig = await Rig.start([always]);
    const clients = [rig.gateway, ...Array.from({ length: 5 }, () => rig.client())];
    await Promise.all(clients.map((client) => client.ready()));
    const pids = await Promise.all(clients.map(async (client) => (await client.status())?.pid));
    expect(new Set(pids).size).toBe(1);
  });

  it('ends when nobody uses it', async () => {
    rig = await Rig.start([always]);
    const client = new GatewayClient({ home: rig.home, environment: process.env, idleSeconds: 0.3 });
    await client.ready();
    const pid = (await client.status())?.pid;
    client.close();
    await until(() => !existsSync(`/proc/${pid}`));
    expect(readdirSync(join(rig.home, 'run', 'gateway'))).toEqual([]);
  });

  it('asks again after its own death', async () => {
    rig = await Rig.start([always], { latencyMs: 500 });
    const { session } = await rig.session();
    const waiting = session.exchange(asking(0), never);
    await until(() => rig.asked === 1);
    process.kill((await rig.gateway.status())?.pid ?? 0, 'SIGKILL');
    expect((await waiting).reply.content).toBe('On it.');
  });

  it('can be reached by its owner alone, also from a home too deep for a socket', async () => {
    rig = await Rig.start([always]);
    const home = join(rig.home, 'a-rather-long-folder-name'.repeat(4), 'and-another-one'.repeat(4));
    const client = new GatewayClient({ home, environment: { PATH: process.env['PATH'] }, idleSeconds: 30 });
    await client.ready();
    expect((await client.status())?.pid).toBeGreaterThan(0);
    await client.stop(false);
    client.close();
    await rig.gateway.ready();
    expect(statSync(join(rig.home, 'run', 'gateway', 'gateway.sock')).mode & 0o777).toBe(0o600);
    expect(statSync(join(rig.home, 'run', 'gateway')).mode & 0o777).toBe(0o700);
  });

  it('refuses an exchange that another worker has journalled', async () => {
    rig = await Rig.start([always]);
    const { session } = await rig.session();
    await session.exchange(asking(0), never);
    await session.exchange(asking(1), never);
    await until(async () => (await rig.gateway.status())?.unjournalled === 0);
    const path = journalPath(rig.journals, key(0));
    rmSync(path);
    const zombie = await rig.session();
    expect(await thrownBy(zombie.session.exchange(asking(1), never))).toMatchObject({ code: 'exchange_already_journalled' });
    expect((await zombie.session.exchange(asking(0), never)).reply.content).toBe('On it.');
  });

  it('of other code serves on while it is busy, and is replaced once its replies are journalled', async () => {
    rig = await Rig.start([always], { latencyMs: 300 });
    const old = new Gateway({
      fingerprint: 'other code',
      socket: gatewaySocket(rig.home),
      idleMs: 60_000,
      keep: defaultKeep,
      redactor: new Redactor(),
      log: () => undefined,
    });
    await old.listen();
    const [first, second] = [await rig.session({ sample: 0 }), await rig.session({ sample: 1, gateway: rig.client() })];
    const running = await Connection.open(gatewaySocket(rig.home));
    const paid = running?.ask(
      firstAsk(),
      () => Buffer.from(requestBody(asking(0), rig.profile(), 'think')),
      never,
      () => undefined,
    );
    await until(() => rig.asked === 1);
    await second.session.exchange(asking(0), never);
    expect((await second.session.exchange(asking(1), never)).reply.content).toBe('On it.');
    await paid;
    await until(() => old.status().unjournalled === 1);
    running?.acknowledge('first', 0);
    await old.ended;
    await first.session.exchange(asking(0), never);
    expect((await rig.gateway.status())?.pid).not.toBe(process.pid);
  });

  /** As a worker of the older code would ask. */
  function firstAsk() {
    return {
      rollout: 'first',
      exchange: 0,
      request_sha256: 'x',
      campaign: 'trial',
      teacher_name: 'scripted',
      teacher: rig.profile(),
      mode: 'think' as const,
      budget: { tokens: 0, cost_usd: 0 },
      journals: rig.journals,
      api_key: null,
    };
  }
});
