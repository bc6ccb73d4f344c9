import { setTimeout as sleep } from 'node:timers/promises';
import type { EvaluationPlan, EvaluationServer, ServerEnd, ServerStart } from '../../../schemas/evaluation-run.ts';
import type { Teacher } from '../../../schemas/campaign.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { classifyFailure } from '../../jobs/classify-failure.ts';
import type { EvaluationNeeds, Work } from '../evaluation-needs.ts';
import { giveToken } from '../../model/check/check-teacher.ts';
import { settingNames } from '../canary/canary.ts';
import { modesOf, studentIn } from '../rollout-campaign.ts';
import { addressOf, lastLines, servingOf } from './server.ts';

/** A scheduler is asked less often than a process of this machine; milliseconds. */
const pauseOf = ({ backend }: EvaluationServer) => (backend.type === 'local' ? 2000 : 15_000);

type WatchNeeds = Pick<EvaluationNeeds, 'backendOf'>;

/**
 * Waits until a submitted server gives a token: a list of models says little, since it is there before the first token can
 * be made, and after none can any more. Time in the queue of a cluster does not count. A job that was taken away or killed from
 * outside is an end like any other. Throws `Problem` server_failed when the program ends by itself, and server_not_ready when
 * the time for its start is over; both with its last lines.
 */
export async function awaitServer(plan: EvaluationPlan, server: EvaluationServer, needs: WatchNeeds, work: Work): Promise<ServerStart> {
  const { startup_minutes } = servingOf(plan);
  const { spec, ref } = server;
  const backend = needs.backendOf(server.backend);
  let runningSince: number | undefined;
  for (;;) {
    work.signal.throwIfAborted();
    const status = await backend.status(ref, spec);
    const { state, detail } = status;
    if (state === 'running') runningSince ??= Date.now();
    else if (state !== 'pending') {
      const lines = await lastLines(backend, ref, spec);
      if (classifyFailure(status, lines)?.retryable === true) return { end: { ...status, lines } };
      throw failed(server, `${state}${detail === '' ? '' : `: ${detail}`}`, lines);
    }
    const address = state === 'running' ? await addressOf(server) : null;
    const trouble = address === null ? 'it has not said where it runs' : await tokenAt(plan, address, work);
    if (address !== null && trouble === null) return { base_url: address };
    work.tell(state === 'pending' ? `${spec.name} waits in the queue: ${detail}` : `${spec.name} starts: ${trouble ?? ''}`);
    if (runningSince !== undefined && Date.now() - runningSince > startup_minutes * 60_000) {
      throw new Problem(
        'server_not_ready',
        `server ${spec.name} gave no token within ${startup_minutes} minutes: ${trouble ?? ''}${shown(await lastLines(backend, ref, spec))}`,
        { hint: `raise model.serve.startup_minutes, or see why: tracemill job logs ${spec.name}` },
      );
    }
    await sleep(pauseOf(server), undefined, { signal: work.signal });
  }
}

/** Resolves when the server has ended; says meanwhile how it is. */
export async function watchServer(server: EvaluationServer, needs: WatchNeeds, work: Work): Promise<ServerEnd> {
  const { spec, ref } = server;
  const backend = needs.backendOf(server.backend);
  for (;;) {
    work.signal.throwIfAborted();
    const status = await backend.status(ref, spec);
    if (status.state !== 'running' && status.state !== 'pending') return { ...status, lines: await lastLines(backend, ref, spec) };
    work.tell(`${spec.name}: ${status.state}`);
    await sleep(pauseOf(server), undefined, { signal: work.signal });
  }
}

/** Why no token comes; null when one does. */
async function tokenAt({ file, rollouts }: EvaluationPlan, base_url: string, { signal }: Work): Promise<string | null> {
  const [mode] = modesOf(file);
  const model = Object.values(rollouts.campaign.teachers)[0]?.model;
  if (mode === undefined || model === undefined) return null;
  const teacher: Teacher = studentIn(mode, file, { base_url, model });
  return await giveToken(mode, teacher, { apiKey: null, names: settingNames(mode), signal }).then(
    () => null,
    (error: unknown) => {
      signal.throwIfAborted();
      return messageOf(error);
    },
  );
}

function failed({ spec }: EvaluationServer, how: string, lines: readonly string[]): Problem {
  return new Problem('server_failed', `server ${spec.name} ended before it was ready (${how})${shown(lines)}`, {
    hint: `see its output: tracemill job logs ${spec.name}`,
  });
}

function shown(lines: readonly string[]): string {
  return lines.length === 0 ? '' : `; its last lines:\n${lines.join('\n')}`;
}
