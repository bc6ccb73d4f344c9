import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import { z } from 'zod';
import type { Teacher } from '../../../schemas/campaign.ts';
import type { EvaluationFile } from '../../../schemas/evaluation.ts';
import type { CanaryReport } from '../../../schemas/evaluation-run.ts';
import type { Message } from '../../../schemas/message.ts';
import type { Mode } from '../../../schemas/names.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import type { Exchange } from '../../../schemas/turn.ts';
import { failureOf, TeacherClients } from '../../model/gateway/teacher-request.ts';
import { requestBody } from '../../model/request-body.ts';
import { classifyFailure } from '../../model/teacher-failure.ts';
import { type Fault, judgeCall, judgeReasoning, judgeReplay } from './judge-reply.ts';
import { canaryTool, question, secondTurn, strictTool } from './questions.ts';

export interface CanaryOptions {
  strictness: EvaluationFile['canary'];
  context_tokens: number;
  /** The value of the variable that the teacher names; null where it names none. */
  apiKey: string | null;
  signal: AbortSignal;
  /** Between two tries of a model that may have drawn an unlucky token; milliseconds. */
  pauseMs?: number;
}

/** A model that samples may fail once; a server that is set up wrongly fails always. */
const tries = 3;

/**
 * Asks a model as the rollouts of a mode will ask it, before they begin: a tool call comes back parsed and with the right
 * types, reasoning is there where the mode has it and only there, reasoning of an earlier turn is read. `lenient` forces
 * the call by a closed schema, which proves the server and not the model. Throws `Problem` endpoint_unreachable,
 * endpoint_key_refused, endpoint_model_missing, endpoint_context_too_short, endpoint_refuses, or one of {@link Fault}.
 */
export async function runCanary(mode: Mode, teacher: Teacher, options: CanaryOptions): Promise<CanaryReport> {
  const report: CanaryReport = { mode, strictness: options.strictness, passed: [], unchecked: [] };
  await checkModels(teacher, options, report);
  await checkCall(mode, teacher, options, report);
  await checkReplay(mode, teacher, options, report);
  return report;
}

/** One token, from the model itself. Throws `Problem` as {@link runCanary} does. */
export async function giveToken(mode: Mode, teacher: Teacher, signal: AbortSignal): Promise<void> {
  const short = { ...teacher, sampling: { ...teacher.sampling, max_tokens: 1 } };
  const body = requestBody({ messages: [{ role: 'user', content: 'Say yes.' }], tools: [] }, short, mode);
  await send(body, mode, short, { strictness: 'strict', context_tokens: 0, apiKey: null, signal }, 0);
}

const Models = z.looseObject({ data: z.array(z.looseObject({ id: z.string(), max_model_len: z.int().nullish() })) });

/** The list of models: the served name, and the context where the server tells it. */
async function checkModels(teacher: Teacher, { apiKey, context_tokens, signal }: CanaryOptions, report: CanaryReport): Promise<void> {
  const { statusCode, body } = await getModels(teacher, apiKey, signal);
  if (statusCode === 401 || statusCode === 403) throw refused(teacher, `HTTP ${statusCode} for /models`);
  const read = Models.safeParse(body);
  if (statusCode !== 200 || !read.success) {
    report.unchecked.push(`served name: /models answers ${statusCode}, not a list`);
    return;
  }
  const found = read.data.data.find(({ id }) => id === teacher.model);
  if (found === undefined) {
    const served = read.data.data.map(({ id }) => id).slice(0, 10);
    throw new Problem(
      'endpoint_model_missing',
      `${teacher.base_url} serves ${served.join(', ') || 'nothing'}, and no model ${teacher.model}`,
      {
        hint: 'write the name that the server gives under model.endpoint.model',
      },
    );
  }
  report.passed.push('served name');
  const length = found.max_model_len ?? null;
  if (length === null) report.unchecked.push('context: the server does not say how many tokens it takes');
  else if (length < context_tokens) {
    throw new Problem(
      'endpoint_context_too_short',
      `${teacher.base_url} takes ${length} tokens, the evaluation asks for ${context_tokens}`,
      {
        hint: `serve the model with a longer context, or set context_tokens: ${length}, which changes what is measured`,
      },
    );
  } else report.passed.push('context');
}

async function getModels(teacher: Teacher, apiKey: string | null, signal: AbortSignal): Promise<{ statusCode: number; body: unknown }> {
  const dispatcher = new Agent({ headersTimeout: 20_000, bodyTimeout: 20_000, connect: { timeout: 10_000 } });
  try {
    const headers = apiKey === null ? {} : { authorization: `Bearer ${apiKey}` };
    const answer = await request(`${teacher.base_url.replace(/\/$/, '')}/models`, { headers, dispatcher, signal });
    const text = await answer.body.text();
    return { statusCode: answer.statusCode, body: parseJson(text) };
  } catch (error) {
    signal.throwIfAborted();
    throw new Problem('endpoint_unreachable', `${teacher.base_url} does not answer: ${messageOf(error)}`, {
      hint: 'start the server, or correct model.endpoint.base_url',
      cause: error,
    });
  } finally {
    await dispatcher.destroy();
  }
}

async function checkCall(mode: Mode, teacher: Teacher, options: CanaryOptions, report: CanaryReport): Promise<void> {
  const lenient = options.strictness === 'lenient';
  for (let number = 1; ; number += 1) {
    const { reply } = lenient ? await forced(mode, teacher, options) : await ask(question, mode, teacher, options, number);
    // A model that makes no sense has no reason to reason.
    const fault = judgeCall(reply) ?? (lenient ? null : judgeReasoning(reply, mode));
    if (fault === null) break;
    if (number === tries) throw faulty(teacher, mode, fault, number);
    await sleep(options.pauseMs ?? 1000, undefined, { signal: options.signal });
  }
  report.passed.push(lenient ? 'tool call (forced)' : 'tool call');
  if (lenient) report.unchecked.push('reasoning: not asked of a model that may make no sense');
  else report.passed.push(mode === 'think' ? 'reasoning' : 'no reasoning');
}

/** The prompt grows by the reasoning that is sent back. */
async function checkReplay(mode: Mode, teacher: Teacher, options: CanaryOptions, report: CanaryReport): Promise<void> {
  if (mode !== 'think') return;
  if (teacher.thinking.resend === 'none') {
    report.unchecked.push('replayed reasoning: the file leaves it out');
    return;
  }
  const short = { ...teacher, sampling: { ...teacher.sampling, max_tokens: 16 } };
  const { usage: withThought } = await ask(secondTurn(true), mode, short, options, 1);
  const { usage: without } = await ask(secondTurn(false), mode, short, options, 2);
  if (withThought.estimated === true || without.estimated === true) {
    report.unchecked.push('replayed reasoning: the server does not count tokens');
    return;
  }
  const fault = judgeReplay(withThought.prompt_tokens, without.prompt_tokens);
  if (fault !== null) throw faulty(teacher, mode, fault, 1);
  report.passed.push('replayed reasoning');
}

/** As a rollout asks. */
async function ask(messages: Message[], mode: Mode, teacher: Teacher, options: CanaryOptions, exchange: number): Promise<Exchange> {
  return await send(requestBody({ messages, tools: [canaryTool] }, teacher, mode), mode, teacher, options, exchange);
}

/** With a call that the server has to make of whatever the model says. */
async function forced(mode: Mode, teacher: Teacher, options: CanaryOptions): Promise<Exchange> {
  const body = Body.parse(JSON.parse(requestBody({ messages: question, tools: [canaryTool] }, teacher, mode)));
  const changes = {
    tools: [strictTool],
    tool_choice: 'required',
    chat_template_kwargs: { enable_thinking: false },
    // A schema does not forbid blanks, and a model that makes no sense may like nothing better: room for some, and every
    // token that the schema allows about as likely as any other, so that the call comes to its end.
    max_tokens: 2048,
    temperature: 2,
    top_p: 1,
    top_k: -1,
    min_p: 0,
  };
  return await send(JSON.stringify({ ...body, ...changes }), mode, teacher, options, 1);
}

const Body = z.record(z.string(), z.unknown());

async function send(body: string, mode: Mode, teacher: Teacher, { apiKey, signal }: CanaryOptions, exchange: number): Promise<Exchange> {
  const rollout = `canary/${mode}`;
  try {
    return await new TeacherClients().send({ rollout, exchange, teacher, mode, apiKey, body: Buffer.from(body), number: 1 }, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw requestProblem(error, teacher, mode);
  }
}

function requestProblem(error: unknown, teacher: Teacher, mode: Mode): Problem {
  const failure = failureOf(error, Date.now());
  const meaning = classifyFailure(failure);
  const what = `${teacher.base_url} (${teacher.model}, mode ${mode}): ${failure.message}`;
  if (meaning.kind !== 'outage') {
    const noTools = /tool/i.test(failure.message) && failure.status === 400;
    return noTools
      ? new Problem('endpoint_without_tools', what, {
          hint: 'serve with tool calls switched on (vLLM: --enable-auto-tool-choice --tool-call-parser …)',
          cause: error,
        })
      : new Problem('endpoint_refuses', what, { hint: 'see the sampling of the mode, and the log of the server', cause: error });
  }
  if (meaning.outage.code === 'teacher_unauthorized' || meaning.outage.code === 'teacher_quota') return refused(teacher, failure.message);
  if (meaning.outage.code === 'teacher_model_missing') {
    return new Problem('endpoint_model_missing', what, {
      hint: 'write the name that the server gives under model.endpoint.model',
      cause: error,
    });
  }
  return new Problem('endpoint_unreachable', what, { hint: 'see the log of the server; the canary is tried again', cause: error });
}

function refused(teacher: Teacher, detail: string): Problem {
  const variable =
    teacher.api_key_env === undefined ? 'name its variable in model.endpoint.api_key_env' : `put a valid key into ${teacher.api_key_env}`;
  return new Problem('endpoint_key_refused', `${teacher.base_url} refuses the key: ${detail}`, {
    hint: `${variable} and start the worker again`,
  });
}

function faulty(teacher: Teacher, mode: Mode, { code, detail, hint }: Fault, asked: number): Problem {
  const times = asked === 1 ? '' : ` (asked ${asked} times)`;
  return new Problem(code, `${teacher.base_url} (${teacher.model}, mode ${mode}): ${detail}${times}`, { hint });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
