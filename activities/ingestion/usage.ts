import type { IngestedTrajectory } from '../../schemas/ingested.ts';
import { firstOf, fieldsOf, numberOf } from './loose-values.ts';

type Usage = NonNullable<IngestedTrajectory['usage']>;

/** What a run used, of the figures that its file has; null where it has none. Figures that make no sense are as if they were not there. */
export function usageOf(figures: { [name in keyof Usage]?: unknown }): Usage | null {
  const whole = (value: unknown) => {
    const number = numberOf(value);
    return number === null || number < 0 ? null : Math.round(number);
  };
  const cost = numberOf(figures.cost_usd);
  const usage: Usage = {
    cost_usd: cost === null || cost < 0 ? null : cost,
    calls: whole(figures.calls),
    prompt_tokens: whole(figures.prompt_tokens),
    completion_tokens: whole(figures.completion_tokens),
    cached_tokens: whole(figures.cached_tokens),
    reasoning_tokens: whole(figures.reasoning_tokens),
  };
  return Object.values(usage).every((value) => value === null) ? null : usage;
}

/** The sum of the figures of several requests; a figure that none of them has stays unknown. */
export function summedUsage(parts: readonly (Usage | null)[]): Usage | null {
  const held = parts.filter((part) => part !== null);
  const sum = (name: keyof Usage) => {
    const values = held.flatMap((part) => part[name] ?? []);
    return values.length === 0 ? null : values.reduce((total, value) => total + value, 0);
  };
  return usageOf({
    cost_usd: sum('cost_usd'),
    calls: sum('calls'),
    prompt_tokens: sum('prompt_tokens'),
    completion_tokens: sum('completion_tokens'),
    cached_tokens: sum('cached_tokens'),
    reasoning_tokens: sum('reasoning_tokens'),
  });
}

/**
 * The usage of one request as APIs report it. Prompt tokens hold the cached ones: Anthropic counts them apart, OpenAI does not. `calls` is
 * the number of requests that it stands for.
 */
export function requestUsage(value: unknown, calls: number | null = 1): Usage | null {
  const usage = fieldsOf(value);
  const number = (...names: string[]) => numberOf(firstOf(usage, names));
  const prompt = number('prompt_tokens', 'input_tokens', 'promptTokenCount', 'inputTokens');
  const completion = number('completion_tokens', 'output_tokens', 'candidatesTokenCount', 'outputTokens');
  if (prompt === null && completion === null) return null;
  const read = number('cache_read_input_tokens', 'input_tokens_cache_read');
  const written = number('cache_creation_input_tokens', 'input_tokens_cache_write');
  const details = (name: string, field: string) => numberOf(fieldsOf(usage[name])[field]);
  return usageOf({
    calls,
    prompt_tokens: prompt === null ? null : prompt + (read ?? 0) + (written ?? 0),
    completion_tokens: completion,
    cached_tokens:
      read ??
      number('cached_input_tokens', 'cachedContentTokenCount', 'cached_tokens', 'cache_read_tokens') ??
      details('prompt_tokens_details', 'cached_tokens') ??
      details('input_tokens_details', 'cached_tokens'),
    reasoning_tokens:
      number('reasoning_output_tokens', 'reasoning_tokens', 'thoughtsTokenCount') ??
      details('completion_tokens_details', 'reasoning_tokens') ??
      details('output_tokens_details', 'reasoning_tokens'),
  });
}

/** The `metrics` of OpenHands, which each part of it writes in one way. */
export function openHandsUsage(metrics: unknown): Usage | null {
  const held = fieldsOf(metrics);
  const tokens = held['accumulated_token_usage'];
  const requests = Array.isArray(held['token_usages']) ? held['token_usages'] : [];
  const usage = requestUsage(tokens, null) ?? summedUsage(requests.map((request) => requestUsage(request)));
  const calls = requests.length > 0 ? requests.length : Array.isArray(held['costs']) ? held['costs'].length : null;
  return usageOf({ ...usage, calls, cost_usd: held['accumulated_cost'] });
}
