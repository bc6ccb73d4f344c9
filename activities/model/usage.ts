import { z } from 'zod';
import type { Teacher } from '../../schemas/campaign.ts';
import type { Reply, Usage } from '../../schemas/turn.ts';

const count = z
  .union([z.number(), z.string().trim().min(1).transform(Number)])
  .pipe(z.number().min(0).max(1e12))
  .transform(Math.round)
  .optional()
  .catch(undefined);

/** Usage as servers send it, some by the names of another protocol. What is no count is missing. */
const WireUsage = z.looseObject({
  prompt_tokens: count,
  input_tokens: count,
  completion_tokens: count,
  output_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.looseObject({ cached_tokens: count }).optional().catch(undefined),
  completion_tokens_details: z.looseObject({ reasoning_tokens: count }).optional().catch(undefined),
});

/** What a server counted. */
export type SentUsage = Omit<Usage, 'estimated'>;

/** Undefined for something from which the tokens of prompt and answer cannot be told. */
export function readUsage(sent: unknown): SentUsage | undefined {
  if (typeof sent !== 'object' || sent === null) return undefined;
  const read = WireUsage.safeParse(sent);
  if (!read.success) return undefined;
  const { total_tokens: total, prompt_tokens_details, completion_tokens_details, ...counts } = read.data;
  let prompt = counts.prompt_tokens ?? counts.input_tokens;
  let completion = counts.completion_tokens ?? counts.output_tokens;
  if (total !== undefined && prompt !== undefined) completion ??= Math.max(0, total - prompt);
  if (total !== undefined && completion !== undefined) prompt ??= Math.max(0, total - completion);
  if (prompt === undefined || completion === undefined) return undefined;
  const cached = prompt_tokens_details?.cached_tokens;
  const reasoning = completion_tokens_details?.reasoning_tokens;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    ...(cached === undefined ? {} : { cached_tokens: cached }),
    ...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
  };
}

/** The later one, unless it has no tokens: some servers send zeros until, or after, they have counted. */
export function betterUsage(earlier: SentUsage | undefined, later: SentUsage | undefined): SentUsage | undefined {
  if (earlier === undefined || later === undefined) return later ?? earlier;
  return later.prompt_tokens + later.completion_tokens === 0 ? earlier : later;
}

const charactersPerToken = 4;

/**
 * The server's count. What it did not count, or counts as nothing though there is something, is estimated by length and marked
 * as such, so that no budget is left unspent by mistake.
 */
export function usageOf(sent: SentUsage | undefined, bodyCharacters: number, reply: Reply): Usage {
  const prompt = sent?.prompt_tokens || undefined;
  const said = charactersOf(reply);
  const completion = said === 0 ? sent?.completion_tokens : sent?.completion_tokens || undefined;
  return {
    ...sent,
    prompt_tokens: prompt ?? tokensIn(bodyCharacters),
    completion_tokens: completion ?? tokensIn(said),
    ...(prompt === undefined || completion === undefined ? { estimated: true } : {}),
  };
}

export function tokensIn(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}

/** In US dollars. */
export function costOf(usage: Pick<Usage, 'prompt_tokens' | 'completion_tokens'>, prices: Teacher['prices']): number {
  return (usage.prompt_tokens * prices.prompt_usd_per_million + usage.completion_tokens * prices.completion_usd_per_million) / 1e6;
}

function charactersOf(reply: Reply): number {
  const calls = reply.tool_calls.reduce((sum, call) => sum + call.function.name.length + call.function.arguments.length, 0);
  return reply.content.length + (reply.reasoning_content?.length ?? 0) + calls;
}
