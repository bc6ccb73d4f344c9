import { join } from 'node:path';
import { getJson } from '../../../activities/artifacts/store.ts';
import { readJobRecord } from '../../../activities/jobs/job-record.ts';
import { lossesOf } from '../../../activities/training/index.ts';
import { jobNames } from '../../../client/job-report.ts';
import { knownPipelines, pipelineStatus } from '../../../client/pipeline.ts';
import { knownTrainings, type TrainingId, trainingStatus } from '../../../client/training-status.ts';
import { paths } from '../../../platform/home.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { CheckpointRecord } from '../../../schemas/training.ts';
import type { TrainingStatus } from '../../../schemas/training-status.ts';
import type { PipelineView, RunLines, TrainingView } from '../../../schemas/web-live.ts';
import type { LiveContext } from './live-context.ts';

/** Points of a curve that a page gets. */
const mostPoints = 2000;

export async function pipelineLines({ ledger, store, temporal }: LiveContext): Promise<RunLines> {
  const missing: string[] = [];
  const recorded = new Map((await ledger.runs('pipeline')).map(({ name, recorded_at }) => [name, recorded_at]));
  const storeId = await store.id();
  const known = (await temporal.ask(missing, 'which pipelines run is not known', (client) => knownPipelines(client, storeId))) ?? [];
  const names = [...new Set([...recorded.keys(), ...known])].sort();
  const runs = names.map(async (name) => {
    const status = known.includes(name)
      ? await temporal.ask(missing, `where ${name} stands is not known`, (client) => pipelineStatus(client, ledger, name))
      : null;
    const ended = recorded.get(name);
    return {
      name,
      state: status?.workflow ?? (ended === undefined ? 'unknown' : 'recorded'),
      started_at: status?.started_at ?? null,
      detail: status?.doing ?? (ended === undefined ? '' : `recorded ${ended}`),
    };
  });
  return { missing, runs: await Promise.all(runs) };
}

/** Undefined for a name that neither server nor ledger knows. Throws what keeps the server from answering. */
export async function pipelineView({ ledger, temporal }: LiveContext, name: string): Promise<PipelineView | undefined> {
  const status = await orUndefined('pipeline_not_found', async () => await pipelineStatus(await temporal.client(), ledger, name));
  if (status === undefined) return undefined;
  return { missing: status.progress === null ? ['no worker answers: its steps are not known'] : [], status };
}

export async function trainingLines({ ledger, store, temporal }: LiveContext): Promise<RunLines> {
  const missing: string[] = [];
  const storeId = await store.id();
  const recorded = new Map((await ledger.runs('training')).map(({ name, recorded_at }) => [name, recorded_at]));
  const known = (await temporal.ask(missing, 'which trainings run is not known', (client) => knownTrainings(client, storeId))) ?? [];
  const trainings = new Map<string, string[]>();
  for (const name of [...recorded.keys(), ...known.map(({ training, variant }) => `${training}/${variant}`)]) {
    const [training = '', variant = ''] = name.split('/');
    trainings.set(training, [...new Set([...(trainings.get(training) ?? []), variant])].sort());
  }
  const runs = [...trainings]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(async ([name, variants]) => {
      const states = await Promise.all(
        variants.map(async (variant) => {
          const own = known.some((id) => id.training === name && id.variant === variant);
          const status = own
            ? await temporal.ask(missing, `where ${name}/${variant} stands is not known`, (client) =>
                trainingStatus(client, { training: name, variant }),
              )
            : null;
          return { variant, status, state: status?.workflow ?? (recorded.has(`${name}/${variant}`) ? 'finished' : 'unknown') };
        }),
      );
      const [first] = states;
      const running = states.find(({ state }) => state === 'running') ?? first;
      return {
        name,
        state: running?.state ?? 'unknown',
        started_at: running?.status?.started_at ?? null,
        detail: states.map(({ variant, state }) => `${variant}: ${state}`).join(', '),
      };
    });
  return { missing, runs: await Promise.all(runs) };
}

export async function trainingView({ ledger, store, temporal }: LiveContext, name: string): Promise<TrainingView | undefined> {
  const missing: string[] = [];
  const storeId = await store.id();
  const recorded = (await ledger.runs('training')).filter((run) => run.name.startsWith(`${name}/`));
  // Only a name of the shape that trainings have goes into the server's query.
  const sound = /^[a-z0-9][a-z0-9-]{0,39}$/.test(name);
  const known = sound ? await temporal.ask(missing, 'what runs is not known', (client) => knownTrainings(client, storeId, name)) : [];
  const variants = new Set([...recorded.map((run) => run.name.slice(name.length + 1)), ...(known ?? []).map(({ variant }) => variant)]);
  if (variants.size === 0 && known !== null) return undefined;
  const shown = [...variants].sort().map(async (variant) => {
    const id = { training: name, variant };
    const own = (known ?? []).some((other) => other.variant === variant);
    const live = own ? await temporal.ask(missing, `where ${variant} stands is not known`, (client) => trainingStatus(client, id)) : null;
    const run = recorded.find((other) => other.name === `${name}/${variant}`);
    const record =
      run === undefined
        ? null
        : await getJson(store, run.record, CheckpointRecord).catch((error: unknown) => {
            missing.push(`the record of ${variant} cannot be read: ${messageOf(error)}`);
            return null;
          });
    const folder = live?.progress?.plan?.folder;
    const points =
      live?.workflow === 'running' && folder !== undefined
        ? await lossesOf(folder)
        : (record?.losses ?? (folder === undefined ? [] : await lossesOf(folder)));
    const job = live?.progress?.job?.name ?? record?.job.name;
    return {
      status: live ?? onlyRecorded(id, run?.recorded_at ?? ''),
      needs: live?.progress?.plan?.needs ?? needsOf(job),
      curve: curveOf(points),
    };
  });
  return { missing, variants: await Promise.all(shown) };
}

/** A training that the server has forgotten, or was not asked about. */
function onlyRecorded({ training, variant }: TrainingId, recorded_at: string): TrainingStatus {
  return {
    training,
    variant,
    workflow: 'recorded',
    started_at: recorded_at,
    closed_at: recorded_at,
    progress: null,
    watch: null,
    doing: null,
    retries: [],
    problem: null,
  };
}

function needsOf(job: string | undefined): TrainingView['variants'][number]['needs'] {
  if (job === undefined || !jobNames().includes(job)) return null;
  return readJobRecord(join(paths.jobs(), job))?.spec.needs ?? null;
}

/** Every n-th point of a long curve, and the last. A loss that is no number stands as null. */
function curveOf(points: readonly { step: number; loss: number }[]): TrainingView['variants'][number]['curve'] {
  const every = Math.max(1, Math.ceil(points.length / (mostPoints - 1)));
  const shown = points.filter((_point, place) => place % every === 0 || place === points.length - 1);
  return { step: shown.map(({ step }) => step), loss: shown.map(({ loss }) => (Number.isFinite(loss) ? loss : null)) };
}

/** What `work` gives; undefined where it throws the `Problem` of this code. */
export async function orUndefined<T>(code: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem && error.code === code) return undefined;
    throw error;
  }
}
