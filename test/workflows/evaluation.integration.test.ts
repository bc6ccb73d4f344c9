import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../schemas/problem.ts';
import { campaignWorkflowId, evaluationCampaign } from '../../workflows/contract/ids.ts';
import { abortUpdate, evaluationProgressQuery, progressQuery } from '../../workflows/contract/messages.ts';
import { ended, exampleEvaluation } from './evaluation-world.ts';
import { until, WorkflowRig } from './world.ts';

let rig: WorkflowRig;

beforeAll(async () => {
  rig = await WorkflowRig.open();
});

afterAll(() => rig.close());

const first = 'http://127.0.0.1:1/v1';
const campaignOf = (name: string) => rig.environment.client.workflow.getHandle(campaignWorkflowId(evaluationCampaign(name)));
const failureOf = (handle: { result(): Promise<unknown> }) =>
  handle.result().then(
    () => undefined,
    (error: unknown) => error,
  );

describe('an evaluation', () => {
  it('asks the canary of an endpoint, runs its rollouts as a campaign, and grades and records them', async () => {
    const world = rig.evaluation('plain', 2);
    const handle = await rig.startEvaluation(exampleEvaluation('plain'));
    expect(await handle.result()).toMatchObject({ counts: { resolved: 1 } });
    expect(world.asked).toEqual(['plan', `canary ${first}`, `rollouts ${first}`, 'grade', 'finish']);
    expect(rig.world.done).toHaveLength(4);
    expect(await campaignOf('plain').result()).toMatchObject({ counts: { done: 2 }, release: null });
    expect(await handle.query(evaluationProgressQuery)).toMatchObject({
      stage: 'done',
      campaign: 'evaluation.plain',
      server: null,
      reruns: 0,
    });
  });

  it('starts the server, shows where it is, and stops it at the end', async () => {
    const world = rig.evaluation('served', 1);
    world.serves = true;
    rig.world.waiting = true;
    const handle = await rig.startEvaluation(exampleEvaluation('served'));
    await until(() => rig.world.atOnce === 2);
    expect(await handle.query(evaluationProgressQuery)).toMatchObject({
      stage: 'rollouts',
      host: 'here',
      server: { job: 'serve-example-1', id: '7', base_url: first, ends: {} },
      canary: [{ passed: ['tool call'] }],
    });
    rig.world.waiting = false;
    await handle.result();
    expect(world.asked).toEqual(['plan', 'start', `ready ${first}`, `canary ${first}`, `rollouts ${first}`, 'stop', 'grade', 'finish']);
  });

  it('starts a server again that ends under it, while the rollouts wait for it where it was', async () => {
    const world = rig.evaluation('fragile', 1);
    world.serves = true;
    rig.world.waiting = true;
    const handle = await rig.startEvaluation(exampleEvaluation('fragile'));
    await until(() => rig.world.atOnce === 2);
    world.end = ended('failed');
    await until(() => world.asked.filter((what) => what === 'start').length === 2);
    rig.world.waiting = false;
    await handle.result();
    expect(world.asked.filter((what) => what.startsWith('rollouts'))).toHaveLength(1);
    expect(await handle.query(evaluationProgressQuery)).toMatchObject({ server: { ends: { failed: 1 } } });
  });

  it('goes on at the new address of a server that came back elsewhere', async () => {
    const world = rig.evaluation('moving', 1);
    Object.assign(world, { serves: true, starts: [ended('preempted'), first, 'http://10.0.0.2:1/v1'] });
    rig.world.waiting = true;
    const handle = await rig.startEvaluation(exampleEvaluation('moving'));
    await until(() => rig.world.atOnce === 2);
    world.end = ended('preempted');
    await until(() => world.asked.includes('rollouts http://10.0.0.2:1/v1'));
    await until(() => rig.world.atOnce === 2);
    rig.world.waiting = false;
    await handle.result();
    expect(await campaignOf('moving').query(progressQuery)).toMatchObject({ state: 'done', counts: { done: 1 } });
    expect(await handle.query(evaluationProgressQuery)).toMatchObject({ server: { ends: { preempted: 2 } } });
  });

  it('ends when its server does not stay, says why, and leaves neither server nor rollouts behind', async () => {
    const world = rig.evaluation('hopeless', 1);
    Object.assign(world, { serves: true, restarts: 0 });
    rig.world.waiting = true;
    const handle = await rig.startEvaluation(exampleEvaluation('hopeless'));
    await until(() => rig.world.atOnce === 2);
    world.end = ended('out_of_memory');
    expect(await failureOf(handle)).toMatchObject({
      cause: { type: 'server_failed', message: expect.stringMatching(/out_of_memory[^]*the last line/) },
    });
    expect(world.asked.at(-1)).toBe('stop');
    expect((await campaignOf('hopeless').describe()).status.name).toBe('CANCELLED');
    expect(rig.world.atOnce).toBe(0);
  });

  it('spends nothing where the canary finds a fault', async () => {
    const world = rig.evaluation('mute', 1);
    Object.assign(world, { serves: true, canaryProblem: new Problem('endpoint_without_tools', 'no call', { hint: 'switch calls on' }) });
    const handle = await rig.startEvaluation(exampleEvaluation('mute'));
    expect(await failureOf(handle)).toMatchObject({ cause: { type: 'endpoint_without_tools', details: ['switch calls on'] } });
    expect(rig.world.attempts).toBe(0);
    expect(world.asked.at(-1)).toBe('stop');
    expect(await handle.query(evaluationProgressQuery)).toMatchObject({ stage: 'failed', problem: { code: 'endpoint_without_tools' } });
  });

  it('runs again what infrastructure lost, as often as its file says, and reports the rest apart', async () => {
    const world = rig.evaluation('lossy', 2);
    rig.world.losing.add('o__r-1/sweagent');
    const handle = await rig.startEvaluation(exampleEvaluation('lossy', 2));
    await handle.result();
    expect(rig.world.attempts).toBe(4 + 2 + 2);
    expect(world.asked.slice(-2)).toEqual(['grade', 'finish']);
    expect(await handle.query(evaluationProgressQuery)).toMatchObject({ stage: 'done', reruns: 2 });
  });

  it('asks no model when the rollouts are done, and nothing when it is finished', async () => {
    const world = rig.evaluation('again', 1);
    Object.assign(world, { serves: true, rolloutsDone: true });
    await (await rig.startEvaluation(exampleEvaluation('again'))).result();
    expect(world.asked).toEqual(['plan', 'grade', 'finish']);
    Object.assign(world, { finished: true, asked: [] });
    expect(await (await rig.startEvaluation(exampleEvaluation('again'))).result()).toMatchObject({ unchanged: true });
    expect(world.asked).toEqual(['plan', 'finished']);
  });

  it('is cancelled with its rollouts and its server', async () => {
    const world = rig.evaluation('cancelled', 1);
    world.serves = true;
    rig.world.waiting = true;
    const handle = await rig.startEvaluation(exampleEvaluation('cancelled'));
    await until(() => rig.world.atOnce === 2);
    await handle.cancel();
    await failureOf(handle);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    expect((await campaignOf('cancelled').describe()).status.name).toBe('CANCELLED');
    expect(world.asked.at(-1)).toBe('stop');
  });

  it('ends when somebody aborts its rollouts', async () => {
    rig.evaluation('aborted', 1);
    rig.world.waiting = true;
    const handle = await rig.startEvaluation(exampleEvaluation('aborted'));
    await until(() => rig.world.atOnce === 2);
    await campaignOf('aborted').executeUpdate(abortUpdate, { args: ['wrong model'] });
    expect(await failureOf(handle)).toMatchObject({ cause: { type: 'campaign_aborted', message: expect.stringContaining('wrong model') } });
  });

  it('waits for the campaign of a terminated one to end, and goes on', async () => {
    rig.evaluation('terminated', 1);
    rig.world.waiting = true;
    const handle = await rig.startEvaluation(exampleEvaluation('terminated'));
    await until(() => rig.world.atOnce === 2);
    await handle.terminate();
    const second = await rig.startEvaluation(exampleEvaluation('terminated'));
    await until(() => rig.world.atOnce === 0);
    rig.world.waiting = false;
    await second.result();
    expect(await campaignOf('terminated').query(progressQuery)).toMatchObject({ counts: { done: 1 } });
  });
});
