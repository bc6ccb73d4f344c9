import { Agent, request } from 'undici';
import { z } from 'zod';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import type { AskedTeacher } from './ask-teacher.ts';
import type { Findings } from './findings.ts';

/** What the list of models has to say. */
export interface ModelListNeeds {
  /** Tokens that the model has to take; null asks for none. */
  contextTokens: number | null;
  /** A model that the list does not name is missing. Servers of many models often list only some. */
  listed: boolean;
}

const Models = z.looseObject({ data: z.array(z.looseObject({ id: z.string(), max_model_len: z.int().nullish() })) });

/** The list of models: the served name, and the context where the server tells it. Throws `Problem` endpoint_…. */
export async function checkModels(asked: AskedTeacher, { contextTokens, listed }: ModelListNeeds, findings: Findings): Promise<void> {
  const { teacher, options } = asked;
  const { status, body } = await getJson(asked, '/models');
  if (status === 401 || status === 403) throw asked.keyRefused(`HTTP ${status} for /models`);
  const models = servedModels(body);
  if (status !== 200 || models === undefined) {
    findings.unchecked.push(`served name: /models answers ${status}, not a list`);
    return;
  }
  findings.served = models.map(({ id }) => id);
  const found = models.find(({ id }) => id === teacher.model);
  if (found === undefined) {
    const what = `${teacher.base_url} serves ${findings.served.slice(0, 10).join(', ') || 'nothing'}, and no model ${teacher.model}`;
    if (!listed) {
      findings.unchecked.push(`served name: ${what}, by its list`);
      return;
    }
    throw new Problem('endpoint_model_missing', what, { hint: `write the name that the server gives under ${options.names.model}` });
  }
  findings.passed.push('served name');
  if (contextTokens === null) return;
  const length = found.max_model_len ?? null;
  if (length === null) findings.unchecked.push('context: the server does not say how many tokens it takes');
  else if (length < contextTokens) {
    throw new Problem(
      'endpoint_context_too_short',
      `${teacher.base_url} takes ${length} tokens, the evaluation asks for ${contextTokens}`,
      { hint: `serve the model with a longer context, or set context_tokens: ${length}, which changes what is measured` },
    );
  } else findings.passed.push('context');
}

/** The models of an answer to /models; undefined where it is no list of them. */
export function servedModels(body: unknown): z.infer<typeof Models>['data'] | undefined {
  return Models.safeParse(body).data?.data;
}

const timeouts = { headersTimeout: 20_000, bodyTimeout: 20_000, connect: { timeout: 10_000 } };

/** An answer of the server beside its completions, at its own address or another of the same server; `body` is undefined where it is no JSON. Throws `Problem` endpoint_unreachable. */
export async function getJson(
  { teacher, options: { apiKey, names, signal } }: AskedTeacher,
  path: string,
  sent?: object,
  base = teacher.base_url,
): Promise<{ status: number; body: unknown }> {
  const dispatcher = new Agent(timeouts);
  const address = new URL(base);
  const root = address.pathname.replace(/\/+$/, '');
  // What is not OpenAI's own stands beside /v1, not below it.
  address.pathname = path.startsWith('/models') ? `${root}${path}` : `${root.replace(/\/v\d+$/, '')}${path}`;
  try {
    const answer = await request(address, {
      headers: {
        ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
      },
      ...(sent !== undefined && { method: 'POST', body: JSON.stringify(sent) }),
      dispatcher,
      signal,
    });
    return { status: answer.statusCode, body: parseJson(await answer.body.text()) };
  } catch (error) {
    signal.throwIfAborted();
    throw new Problem('endpoint_unreachable', `${teacher.base_url} does not answer: ${messageOf(error)}`, {
      hint: `start the server, or correct ${names.address}`,
      cause: error,
    });
  } finally {
    await dispatcher.destroy();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
