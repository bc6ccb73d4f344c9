import type { Oddity, Spoken } from './compose-reply.ts';

type Usage = Spoken['usage'];

const oddForms: ((usage: Usage) => unknown)[] = [
  ({ prompt_tokens, completion_tokens }) => ({ prompt_tokens: String(prompt_tokens), completion_tokens: String(completion_tokens) }),
  ({ prompt_tokens, completion_tokens }) => ({ prompt_tokens: prompt_tokens + 0.5, completion_tokens: completion_tokens + 0.5 }),
  ({ prompt_tokens }) => ({ prompt_tokens, completion_tokens: null }),
  ({ total_tokens }) => ({ total_tokens }),
  () => ({ prompt_tokens: -1, completion_tokens: -1 }),
  () => [],
  () => 'unknown',
  (usage) => ({ ...usage, prompt_tokens_details: 'none', completion_tokens_details: { reasoning_tokens: 'many' } }),
  (usage) => ({ ...usage, prompt_tokens_details: { cached_tokens: null }, cost: { total: '0.1' } }),
];

/** The count of tokens as a server writes it. */
export function usageAs(usage: Usage, { quirks, chance }: Oddity): unknown {
  if (!quirks.has('odd_usage')) return usage;
  return oddForms[Math.floor(chance * oddForms.length)]?.(usage) ?? usage;
}
