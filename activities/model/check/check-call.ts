import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Exchange, Reply } from '../../../schemas/turn.ts';
import { requestBody } from '../request-body.ts';
import type { AskedTeacher } from './ask-teacher.ts';
import type { Findings } from './findings.ts';
import { judgeCall, judgeReasoning } from './judge-reply.ts';
import { checkTool, question, strictTool } from './questions.ts';

/** A model that samples may fail once; a server that is set up wrongly fails always. */
const tries = 3;

/**
 * Asks for one tool call, and looks at the reasoning that comes with it. `forced`: by a closed schema, which proves the server and
 * not the model. Returns the reply that was right; throws `Problem` endpoint_….
 */
export async function checkCall(asked: AskedTeacher, forced: boolean, findings: Findings): Promise<Reply> {
  const { mode, options } = asked;
  for (let number = 1; ; number += 1) {
    const { reply } = forced ? await askForced(asked) : await ask(asked);
    // A model that makes no sense has no reason to reason.
    const fault = judgeCall(reply) ?? (forced ? null : judgeReasoning(reply, mode, options.names));
    if (fault === null) {
      findings.passed.push(forced ? 'tool call (forced)' : 'tool call');
      if (forced) findings.unchecked.push('reasoning: not asked of a model that may make no sense');
      else findings.passed.push(mode === 'think' ? 'reasoning' : 'no reasoning');
      return reply;
    }
    if (number === tries) throw asked.fault({ ...fault, detail: `${fault.detail} (asked ${number} times)` });
    await sleep(options.pauseMs ?? 1000, undefined, { signal: options.signal });
  }
}

/** As a rollout asks. */
async function ask(asked: AskedTeacher): Promise<Exchange> {
  return await asked.send(requestBody({ messages: question, tools: [checkTool] }, asked.teacher, asked.mode));
}

/** With a call that the server has to make of whatever the model says. */
async function askForced(asked: AskedTeacher): Promise<Exchange> {
  const body = Body.parse(JSON.parse(requestBody({ messages: question, tools: [checkTool] }, asked.teacher, asked.mode)));
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
  return await asked.send(JSON.stringify({ ...body, ...changes }));
}

const Body = z.record(z.string(), z.unknown());
