import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readEvaluation } from '../../activities/evaluation/plan-evaluation.ts';
import { awaitServer, watchServer } from '../../activities/evaluation/serving/await-server.ts';
import { servingEngines } from '../../activities/evaluation/serving/engines.ts';
import { startServer, stopServer } from '../../activities/evaluation/serving/server.ts';
import { chatTemplate } from '../../activities/rendering/chat-template.ts';
import { EvaluationFile } from '../../schemas/evaluation.ts';
import type { EvaluationPlan } from '../../schemas/evaluation-run.ts';
import { startEndpoint } from '../model/fake-endpoint.ts';
import { Workplace } from './workplace.ts';

let place: Workplace;

beforeEach(() => {
  place = new Workplace();
});

afterEach(() => place.close());

async function plan(serve: object = {}): Promise<EvaluationPlan> {
  const file = EvaluationFile.parse({
    name: 'nightly',
    benchmark: { name: 'tasks', data: ['/rows.jsonl'] },
    model: { name: 'student', serve: { checkpoint: place.model(), ...serve }, base: 'coder' },
    harnesses: { openhands: {} },
    modes: { think: {}, no_think: {} },
  });
  return await readEvaluation(file, place.needs, place.work);
}

describe('the server of an evaluation', () => {
  it('is one job with the template of the student, however often it is started', async () => {
    const first = await startServer(await plan(), place.needs, place.work);
    const again = await startServer(await plan(), place.needs, place.work);
    expect(again).toEqual(first);
    expect(place.backend.submitted).toHaveLength(1);
    const { command, folder, kind, name } = first.spec;
    expect({ kind, name }).toMatchObject({ kind: 'serving', name: expect.stringMatching(/^serve-nightly-[0-9a-f]{8}$/) });
    expect(readFileSync(command[command.indexOf('--chat-template') + 1] ?? '', 'utf8')).toBe(chatTemplate('coder').text);
    expect(folder.startsWith(place.needs.folders.jobs)).toBe(true);
  });

  it('comes back as the same job at the same address after it ended, and as another one when it is set up in another way', async () => {
    const first = await startServer(await plan(), place.needs, place.work);
    place.backend.state = 'failed';
    const second = await startServer(await plan(), place.needs, place.work);
    expect(second.spec).toEqual(first.spec);
    expect(place.backend.submitted.map(({ again }) => again)).toEqual([0, 1]);
    const other = await startServer(await plan({ flags: { 'max-num-seqs': 8 } }), place.needs, place.work);
    expect(other.spec.name).not.toBe(first.spec.name);
  });

  it('is another job when a version of Tracemill starts the engine with other flags', async () => {
    const first = await startServer(await plan(), place.needs, place.work);
    place.backend.state = 'failed';
    const newer = vi.spyOn(servingEngines.vllm, 'flags').mockImplementation(() => ({ 'max-num-seqs': 9 }));
    const second = await startServer(await plan(), place.needs, place.work);
    newer.mockRestore();
    expect(second.spec.name).not.toBe(first.spec.name);
  });

  it('leaves a port alone that something else listens on', async () => {
    const { port } = await startServer(await plan(), place.needs, place.work);
    place.backend.state = 'failed';
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      expect((await startServer(await plan(), place.needs, place.work)).port).toBe(port + 1);
    } finally {
      server.close();
    }
  });

  it('says on a cluster where it runs, before it serves', async () => {
    const { spec } = await startServer(await plan({ backend: { type: 'slurm' } }), place.needs, place.work);
    expect(spec.command.slice(0, 2)).toEqual(['/bin/sh', '-c']);
    expect(spec.command.join(' ')).toMatch(/hostname -i.*exec "\$@".*vllm serve .*--host 0\.0\.0\.0/);
  });

  it('is ready when it gives a token, not when it lists its model', async () => {
    const evaluation = await plan();
    const endpoint = await startEndpoint({ refuses: { status: 500, message: 'no token yet' } });
    try {
      const port = Number(new URL(endpoint.url).port);
      const server = { ...(await startServer(evaluation, place.needs, place.work)), port };
      const impatient = { ...evaluation, file: { ...evaluation.file, model: withStartup(evaluation, 0.01) } };
      await expect(awaitServer(impatient, server, place.needs, place.work)).rejects.toMatchObject({
        code: 'server_not_ready',
        message: expect.stringContaining('no token yet'),
      });
    } finally {
      await endpoint.close();
    }
    const ready = await startEndpoint({ calls: () => [], content: 'yes' });
    try {
      const server = { ...(await startServer(evaluation, place.needs, place.work)), port: Number(new URL(ready.url).port) };
      expect(await awaitServer(evaluation, server, place.needs, place.work)).toEqual({ base_url: ready.url });
    } finally {
      await ready.close();
    }
  });

  it('that ends is reported with its last lines, while it starts and later', async () => {
    const evaluation = await plan();
    const server = await startServer(evaluation, place.needs, place.work);
    place.backend.state = 'out_of_memory';
    place.backend.output = `${'noise\n'.repeat(100)}torch.OutOfMemoryError: tried to allocate 20 GiB\n`;
    await expect(awaitServer(evaluation, server, place.needs, place.work)).rejects.toMatchObject({
      code: 'server_failed',
      message: expect.stringMatching(/out_of_memory[^]*tried to allocate 20 GiB/),
    });
    const end = await watchServer(server, place.needs, place.work);
    expect(end).toMatchObject({
      state: 'out_of_memory',
      lines: expect.arrayContaining(['torch.OutOfMemoryError: tried to allocate 20 GiB']),
    });
    expect(end.lines.length).toBeLessThanOrEqual(15);
  });

  it('that is killed from outside before it is ready is an end like any other, one that fails by itself is not', async () => {
    const evaluation = await plan();
    const server = await startServer(evaluation, place.needs, place.work);
    place.backend.output = 'Loading safetensors checkpoint shards\nKilled\n';
    place.backend.state = 'failed';
    place.backend.exitCode = 137;
    const started = await awaitServer(evaluation, server, place.needs, place.work);
    expect(started).toMatchObject({ end: { state: 'failed', exit_code: 137, lines: ['Loading safetensors checkpoint shards', 'Killed'] } });
    place.backend.exitCode = 2;
    await expect(awaitServer(evaluation, server, place.needs, place.work)).rejects.toMatchObject({ code: 'server_failed' });
    place.backend.state = 'lost';
    expect(await awaitServer(evaluation, server, place.needs, place.work)).toMatchObject({ end: { state: 'lost' } });
  });

  it('is stopped however often that is asked', async () => {
    const server = await startServer(await plan(), place.needs, place.work);
    await stopServer(server, place.needs);
    await stopServer(server, place.needs);
    expect(place.backend.state).toBe('cancelled');
  });
});

function withStartup({ file: { model } }: EvaluationPlan, startup_minutes: number): EvaluationFile['model'] {
  if (model.serve === undefined) throw new Error('it serves no model');
  return { ...model, serve: { ...model.serve, startup_minutes } };
}
