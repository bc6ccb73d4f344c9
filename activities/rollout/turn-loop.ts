import type { HarnessName } from '../../schemas/names.ts';
import type { Message } from '../../schemas/message.ts';
import { Problem } from '../../schemas/problem.ts';
import type { Ending, TurnFacts } from '../../schemas/trajectory.ts';
import type { Exchange, Usage } from '../../schemas/turn.ts';
import { ModelEnding, type ModelRequest } from '../model/contract.ts';
import type { Agent, ModelEnded, TurnOutcome } from './agent.ts';
import type { DriverSetup, Played, RolloutProgress } from './driver.ts';
import { speaker } from './templates/render.ts';

/** The driver of agents of our own: ask, let the agent answer, until there is an ending. */
export async function turnLoop<Settings>(
  name: HarnessName,
  agent: Agent<Settings>,
  settings: Settings,
  { assignment, templates, hands, journal, session, signal, onProgress }: DriverSetup,
): Promise<Played> {
  if (templates.harness !== name) throw new Problem('template_failed', `templates of ${templates.harness} given to ${name}`);
  const say = speaker(templates.texts);
  const tools = agent.tools(say);
  const run = agent.begin({ assignment, settings, say, has: (text) => text in templates.texts });
  const messages = [...run.opening];
  const turns: TurnFacts[] = [];
  let usage: Usage = { prompt_tokens: 0, completion_tokens: 0 };
  let cost_usd = 0;
  let exchanges = 0;
  let turn = 0;
  let hints: Message[] = [];

  const report = (state: RolloutProgress['state']) =>
    onProgress({
      turn,
      exchanges,
      prompt_tokens: usage.prompt_tokens,
      completion_tokens: usage.completion_tokens,
      cost_usd,
      state,
      lastAction: hands.lastAction,
    });
  const end = (ending: Ending): Played => {
    report('patch');
    return { tools, messages, turns, ending, usage, cost_usd, close: (patch) => run.close(ending, patch) };
  };

  for (;;) {
    signal.throwIfAborted();
    const limit = run.limitReached({ exchanges, cost_usd });
    if (limit !== null) return end(limit);
    report('model');
    const answer = await ask({ exchange: exchanges, turn, messages: [...messages, ...hints], tools }, { journal, session, signal });
    if ('kind' in answer) return end(run.modelEnded(answer));
    exchanges += 1;
    cost_usd += answer.cost_usd;
    usage = addUsage(usage, answer.usage);
    report('tool');
    const outcome = await run.answer(answer.reply, hands.during(turn));
    turns[turn] = turnFacts(turn, turns[turn], answer, outcome);
    if (outcome.kind === 'again') {
      hints = outcome.hints ?? hints;
      continue;
    }
    messages.push(...outcome.messages);
    if (outcome.kind === 'end') return end(outcome.ending);
    hints = [];
    turn += 1;
  }
}

/** The exchange, or why there is none; a refusal is journalled like an exchange, so that it is asked for only once. */
async function ask(
  request: ModelRequest,
  { journal, session, signal }: Pick<DriverSetup, 'journal' | 'session' | 'signal'>,
): Promise<Exchange | ModelEnded> {
  const { modelEnded } = journal;
  if (modelEnded?.exchange === request.exchange) return modelEnded;
  try {
    return await session.exchange(request, signal);
  } catch (error) {
    if (!(error instanceof ModelEnding)) throw error;
    const ended = { kind: error.kind, detail: error.message };
    await journal.append({ type: 'model_ended', at: Date.now(), exchange: request.exchange, ...ended });
    return ended;
  }
}

/** Requeries belong to their turn: its errors add up, its calls are those of the last reply. */
function turnFacts(turn: number, before: TurnFacts | undefined, { reply }: Exchange, outcome: TurnOutcome): TurnFacts {
  return {
    turn,
    calls: reply.tool_calls.length,
    errors: [...(before?.errors ?? []), ...outcome.errors],
    finish_reason: reply.finish_reason,
  };
}

function addUsage(sum: Usage, one: Usage): Usage {
  const optional = (key: 'cached_tokens' | 'reasoning_tokens') =>
    sum[key] === undefined && one[key] === undefined ? {} : { [key]: (sum[key] ?? 0) + (one[key] ?? 0) };
  return {
    prompt_tokens: sum.prompt_tokens + one.prompt_tokens,
    completion_tokens: sum.completion_tokens + one.completion_tokens,
    ...optional('cached_tokens'),
    ...optional('reasoning_tokens'),
    ...(sum.estimated === true || one.estimated === true ? { estimated: true } : {}),
  };
}
