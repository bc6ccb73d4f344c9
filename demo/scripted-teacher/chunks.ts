import type { Spoken } from './compose-reply.ts';
import { tokensIn } from './compose-reply.ts';

/** One server-sent event's data, and the tokens it carries (for a teacher that takes its time). */
export interface Chunk {
  data: object;
  tokens: number;
}

/** Cuts an answer into the chunks of a stream, each text in pieces of `pieceCharacters`. */
export function chunksOf(
  spoken: Spoken,
  head: { id: string; model: string },
  options: { pieceCharacters: number; includeUsage: boolean; omitFinish: boolean },
): Chunk[] {
  const base = { id: head.id, object: 'chat.completion.chunk', created: 0, model: head.model };
  const chunk = (delta: object, tokens: number, finish_reason: string | null = null): Chunk => ({
    data: { ...base, choices: [{ index: 0, delta, finish_reason }] },
    tokens,
  });
  const chunks = [chunk({ role: 'assistant', content: '' }, 0)];
  for (const [field, text] of Object.entries(spoken.reasoning)) {
    for (const piece of pieces(text, options.pieceCharacters)) chunks.push(chunk({ [field]: piece }, tokensIn(piece.length)));
  }
  for (const piece of pieces(spoken.content, options.pieceCharacters)) chunks.push(chunk({ content: piece }, tokensIn(piece.length)));
  for (const [index, call] of spoken.calls.entries()) {
    const id = call.id === undefined ? {} : { id: call.id };
    chunks.push(chunk({ tool_calls: [{ index, ...id, type: 'function', function: { name: call.name, arguments: '' } }] }, 1));
    for (const piece of pieces(call.arguments, options.pieceCharacters)) {
      chunks.push(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }, tokensIn(piece.length)));
    }
  }
  if (!options.omitFinish) chunks.push(chunk({}, 0, spoken.finish_reason));
  if (options.includeUsage) chunks.push({ data: { ...base, choices: [], usage: spoken.usage }, tokens: 0 });
  return chunks;
}

/** The same answer as one JSON body. */
export function wholeAnswer(spoken: Spoken, head: { id: string; model: string }, options: { includeUsage: boolean; omitFinish: boolean }) {
  const tool_calls = spoken.calls.map((call) => ({
    ...(call.id === undefined ? {} : { id: call.id }),
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  const message = { role: 'assistant', content: spoken.content, ...spoken.reasoning, ...(tool_calls.length > 0 ? { tool_calls } : {}) };
  return {
    ...head,
    object: 'chat.completion',
    created: 0,
    choices: [{ index: 0, message, finish_reason: options.omitFinish ? null : spoken.finish_reason }],
    ...(options.includeUsage ? { usage: spoken.usage } : {}),
  };
}

/** Cuts by code point, so that no surrogate pair is torn. */
function pieces(text: string, size: number): string[] {
  if (text.length <= size) return text === '' ? [] : [text];
  const points = [...text];
  const cut: string[] = [];
  for (let start = 0; start < points.length; start += size) cut.push(points.slice(start, start + size).join(''));
  return cut;
}
