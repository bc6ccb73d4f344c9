import { z } from 'zod';
import type { Teacher } from '../../../schemas/campaign.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { Exchange, Reply } from '../../../schemas/turn.ts';
import { EarlierReasoning } from '../earlier-reasoning.ts';
import { requestBody } from '../request-body.ts';
import type { AskedTeacher } from './ask-teacher.ts';
import { getJson } from './check-models.ts';
import type { Findings } from './findings.ts';
import { type Fault, judgeReplay } from './judge-reply.ts';
import { checkTool, secondTurn, thought } from './questions.ts';

/**
 * Sends a second turn with the reasoning of the first and without, in the form in which rollouts will send it: the prompt has to
 * grow, by the server's count or by its tokenizer. Throws `Problem` endpoint_….
 */
export async function checkReplay(asked: AskedTeacher, reply: Reply, findings: Findings): Promise<void> {
  const { mode, teacher, options } = asked;
  if (mode !== 'think') return;
  if (teacher.thinking.resend === 'none') {
    findings.unchecked.push('replayed reasoning: thinking.resend is none, so none goes back');
    return;
  }
  const { earlier, reasoning } = replayed(teacher, reply);
  const withThought = secondTurn(reply, reasoning);
  const without = secondTurn(reply, undefined);
  const bodies = (profile: Teacher): Pair<string> => ({
    withThought: requestBody({ messages: withThought, tools: [checkTool] }, profile, mode, earlier),
    without: requestBody({ messages: without, tools: [checkTool] }, profile, mode, earlier),
  });
  const judged = (counts: Pair<number>) => judgeReplay({ ...counts, characters: reasoning.length }, earlier.form, options.names);
  // Servers count prompts in ways of their own, without what they cached: one count that grows is enough.
  let fault: Fault | null = null;
  for (const count of [() => countByUsage(asked, bodies), () => countByTokenizer(asked, bodies(teacher))]) {
    const counts = await count();
    if (counts === undefined) continue;
    const found = judged(counts);
    if (found === null) {
      findings.passed.push('replayed reasoning');
      return;
    }
    fault ??= found;
  }
  if (fault !== null) throw asked.fault(fault);
  findings.unchecked.push('replayed reasoning: the server does not count tokens, and has no /tokenize');
}

/** What is sent back, and how: blocks as they came, since a server may refuse those that it did not write. */
function replayed(teacher: Teacher, reply: Reply): { earlier: EarlierReasoning; reasoning: string } {
  const earlier = new EarlierReasoning(teacher);
  if (reply.reasoning_form === undefined) {
    // A forced call comes without reasoning. Whichever field the server reads, a rollout will see it in its first answer.
    earlier.note({ reasoning_content: thought, reasoning_form: 'both_fields' });
    return { earlier, reasoning: thought };
  }
  earlier.note(reply);
  const { reasoning_content = thought, reasoning_blocks } = reply;
  return { earlier, reasoning: reasoning_blocks === undefined ? thought : reasoning_content };
}

/** A few tokens of an answer that nobody reads. */
function short(teacher: Teacher): Teacher {
  const limit = 'max_completion_tokens' in teacher.sampling ? 'max_completion_tokens' : 'max_tokens';
  return { ...teacher, sampling: { ...teacher.sampling, [limit]: 16 } };
}

/** Of the same turn, with the reasoning before it and without. */
interface Pair<T> {
  withThought: T;
  without: T;
}

async function countByUsage(asked: AskedTeacher, bodies: (profile: Teacher) => Pair<string>): Promise<Pair<number> | undefined> {
  const { withThought, without } = await sendShort(asked, bodies);
  if (withThought.usage.estimated === true || without.usage.estimated === true) return undefined;
  return { withThought: withThought.usage.prompt_tokens, without: without.usage.prompt_tokens };
}

/** Some servers refuse an answer so short, for a model that thinks. */
async function sendShort(asked: AskedTeacher, bodies: (profile: Teacher) => Pair<string>): Promise<Pair<Exchange>> {
  try {
    return await sendBoth(asked, bodies(short(asked.teacher)));
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'endpoint_refuses') throw error;
    return await sendBoth(asked, bodies(asked.teacher));
  }
}

async function sendBoth(asked: AskedTeacher, { withThought, without }: Pair<string>): Promise<Pair<Exchange>> {
  return { withThought: await asked.send(withThought), without: await asked.send(without) };
}

const Tokenized = z.looseObject({ count: z.int().min(0) });
/** The parts of a request that a tokenizer knows. */
const Prompt = z.object({
  model: z.string(),
  messages: z.array(z.unknown()),
  tools: z.array(z.unknown()).optional(),
  chat_template_kwargs: z.unknown().optional(),
});

/** vLLM's own: renders the same messages by the same template, and costs nothing. */
async function countByTokenizer(asked: AskedTeacher, bodies: Pair<string>): Promise<Pair<number> | undefined> {
  const count = async (body: string): Promise<number | undefined> => {
    const { status, body: answer } = await getJson(asked, '/tokenize', Prompt.parse(JSON.parse(body)));
    const read = Tokenized.safeParse(answer);
    return status === 200 && read.success ? read.data.count : undefined;
  };
  const [withThought, without] = [await count(bodies.withThought), await count(bodies.without)];
  return withThought === undefined || without === undefined ? undefined : { withThought, without };
}
