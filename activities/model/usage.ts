import { z } from 'zod';
import type { Teacher } from '../../schemas/campaign.ts';
import type { Reply, Usage } from '../../schemas/turn.ts';

const count = z.int().min(0).nullish();

/** Usage as servers send it. */
export const WireUsage = z.looseObject({
  prompt_tokens: count,
  completion_tokens: count,
  prompt_tokens_details: z.looseObject({ cached_tokens: count }).nullish(),
  completion_tokens_details: z.looseObject({ reasoning_tokens: count }).nullish(),
});

const charactersPerToken = 4;

/** The server's count, or an estimate by length, marked as such, where it sent none. */
export function usageOf(sent: z.infer<typeof WireUsage> | undefined, bodyCharacters: number, reply: Reply): Usage {
  if (typeof sent?.prompt_tokens !== 'number' || typeof sent.completion_tokens !== 'number') {
    return { prompt_tokens: tokensIn(bodyCharacters), completion_tokens: tokensIn(charactersOf(reply)), estimated: true };
  }
  const cached = sent.prompt_tokens_details?.cached_tokens;
  const reasoning = sent.completion_tokens_details?.reasoning_tokens;
  return {
    prompt_tokens: sent.prompt_tokens,
    completion_tokens: sent.completion_tokens,
    ...(typeof cached === 'number' ? { cached_tokens: cached } : {}),
    ...(typeof reasoning === 'number' ? { reasoning_tokens: reasoning } : {}),
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
