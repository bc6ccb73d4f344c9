import { z } from 'zod';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import type { JobBackendSettings } from '../../../schemas/job.ts';
import { refused, unreachable } from '../job-problem.ts';

export type KubernetesSettings = Extract<JobBackendSettings, { type: 'kubernetes' }>;

/** What the API server answered: its HTTP status and its text. */
export interface Answer {
  code: number;
  text: string;
}

/** Asks the API server. Throws `Problem` job_backend_unreachable when there is no answer; any status is an answer. */
export type AskKubernetes = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => Promise<Answer>;

const timeoutMs = 30_000;

/**
 * The API server of the kubeconfig, or of the pod that this program runs in. It is opened by the first request.
 * Throws `Problem` job_unmet_need when neither exists, or the context is not in it.
 */
export function kubernetesApi({ context }: Pick<KubernetesSettings, 'context'>): AskKubernetes {
  let opened: Promise<AskKubernetes> | undefined;
  return async (method, path, body) => {
    opened ??= open(context);
    // A kubeconfig that is corrected is read again.
    const ask = await opened.catch((error: unknown) => {
      opened = undefined;
      throw error;
    });
    return await ask(method, path, body);
  };
}

async function open(context: string | undefined): Promise<AskKubernetes> {
  const { createConfiguration, KubeConfig, RequestContext, ServerConfiguration } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    throw noCluster(`its kubeconfig cannot be read: ${messageOf(error)}`, error);
  }
  if (context !== undefined) {
    const known = config.getContexts().map(({ name }) => name);
    if (!known.includes(context)) throw noCluster(`its kubeconfig has no context "${context}", but ${known.join(', ') || 'none'}`);
    config.setCurrentContext(context);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw noCluster('its kubeconfig names no current cluster');
  // What the client assumes when it finds no configuration at all.
  if (cluster.name === 'cluster' && cluster.server === 'http://localhost:8080') throw noCluster('there is no kubeconfig');
  const server = cluster.server.replace(/\/$/, '');
  const { httpApi } = createConfiguration({ baseServer: new ServerConfiguration(server, {}) });
  return async (method, path, body) => {
    const request = new RequestContext(`${server}${path}`, method);
    request.setHeaderParam('Accept', 'application/json');
    if (body !== undefined) {
      request.setHeaderParam('Content-Type', 'application/json');
      request.setBody(JSON.stringify(body));
    }
    request.setSignal(AbortSignal.timeout(timeoutMs));
    try {
      await config.applySecurityAuthentication(request);
      const response = await httpApi.send(request).toPromise();
      return { code: response.httpStatusCode, text: await response.body.text() };
    } catch (error) {
      throw unreachable('Kubernetes', `answer at ${server}`, reasonOf(error), error);
    }
  };
}

function noCluster(why: string, cause?: unknown): Problem {
  return new Problem('job_unmet_need', `this machine knows no Kubernetes cluster: ${why}`, {
    hint: 'set KUBECONFIG or ~/.kube/config, and "context" of the backend, for the worker',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** "fetch failed" says nothing; what it was caused by does. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : messageOf(cause) || messageOf(error);
}

const Said = z.object({ message: z.string().optional(), reason: z.string().optional() });

/** What an answer that is no success says, for people, and the API's word for it. */
export function saidBy({ code, text }: Answer): { message: string; reason: string } {
  const said = z.preprocess(parseOrNull, Said).safeParse(text);
  const words = said.success ? said.data : {};
  return { message: `${words.message ?? (text.trim().slice(0, 200) || 'no reason given')} (HTTP ${code})`, reason: words.reason ?? '' };
}

/** Codes after which the same request will never do. */
const forGood = new Set([400, 401, 403, 404, 405, 413, 415, 422]);

/** The problem of a submission that was answered by no success. */
export function failedSubmission(job: string, doing: string, answer: Answer): Problem {
  const { message } = saidBy(answer);
  // A quota is freed by other jobs that end.
  if (!forGood.has(answer.code) || /exceeded quota/i.test(message)) return unreachable('Kubernetes', doing, message);
  const rights = answer.code === 401 || answer.code === 403;
  const hint = rights
    ? 'give the user of the kubeconfig the right to get, list, create and delete it: kubectl auth can-i create jobs'
    : 'correct the backend or the needs in the file that asks for it';
  return refused(job, `Kubernetes says: ${message}`, hint);
}

/**
 * The JSON of an answer; null for 404. Whatever else is no success is worth another try: the job goes on meanwhile, and
 * rights or a login may come back. Throws `Problem` job_backend_unreachable.
 */
export function read<Shape extends z.ZodType>(answer: Answer, doing: string, shape: Shape): z.infer<Shape> | null {
  if (answer.code === 404) return null;
  if (answer.code < 200 || answer.code > 299) throw unreachable('Kubernetes', doing, saidBy(answer).message);
  const parsed = shape.safeParse(parseOrNull(answer.text));
  if (parsed.success) return parsed.data;
  throw unreachable('Kubernetes', doing, `its answer is not what this version reads: ${z.prettifyError(parsed.error)}`);
}

function parseOrNull(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return null;
  }
}
