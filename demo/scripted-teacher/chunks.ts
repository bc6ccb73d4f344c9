import type { Oddity, Spoken, SpokenCall } from './compose-reply.ts';
import { tokensIn } from './compose-reply.ts';
import { callsAreWhole } from './quirks.ts';
import { reasoningDelta, reasoningOfMessage } from './spoken-reasoning.ts';
import { usageAs } from './spoken-usage.ts';

/** One server-sent event's data, and the tokens it carries (for a teacher that takes its time). */
export interface Chunk {
  data: object;
  tokens: number;
}

export interface ChunkOptions extends Oddity {
  pieceCharacters: number;
  includeUsage: boolean;
  omitFinish: boolean;
}

interface Head {
  id: string;
  model: string;
}

/** Cuts an answer into the chunks of a stream, each text in pieces of `pieceCharacters`. */
export function chunksOf(spoken: Spoken, head: Head, options: ChunkOptions): Chunk[] {
  const { pieceCharacters: size, quirks } = options;
  const cut = (text: string) => (quirks.has('torn_surrogates') ? tornPieces(text, size) : pieces(text, size));
  const deltas: { delta: object; tokens: number }[] = [
    { delta: { role: 'assistant', content: quirks.has('null_content') ? null : '' }, tokens: 0 },
  ];
  const { reasoning } = spoken;
  if (reasoning !== undefined) {
    for (const [index, piece] of cut(reasoning.text).entries()) {
      deltas.push({ delta: reasoningDelta(reasoning.form, piece, index === 0), tokens: tokensIn(piece.length) });
    }
  }
  for (const piece of cut(spoken.content)) deltas.push({ delta: { content: contentAs(piece, options) }, tokens: tokensIn(piece.length) });
  for (const [index, call] of spoken.calls.entries()) deltas.push(...callDeltas(call, index, cut, options));
  return framed(deltas, spoken, head, options);
}

/** Puts deltas into chunks, with what comes before and behind them. */
function framed(deltas: { delta: object; tokens: number }[], spoken: Spoken, head: Head, options: ChunkOptions): Chunk[] {
  const { quirks } = options;
  const base = { id: head.id, object: 'chat.completion.chunk', created: 0, model: head.model };
  const usage = usageAs(spoken.usage, options);
  const everywhere = options.includeUsage && quirks.has('usage_in_every_chunk') ? { usage } : {};
  const chunk = (delta: object, tokens: number, finish_reason: string | null): Chunk => ({
    data: { ...base, choices: [{ index: 0, delta, finish_reason }], ...everywhere },
    tokens,
  });
  const finish = options.omitFinish || quirks.has('done_without_finish') ? null : finishAs(spoken, options);
  const withLast = quirks.has('finish_with_last_piece') || quirks.has('finish_twice');
  const chunks = deltas.map(({ delta, tokens }, place) => chunk(delta, tokens, withLast && place === deltas.length - 1 ? finish : null));
  if (quirks.has('empty_choices_first')) chunks.unshift({ data: { ...base, choices: [], prompt_filter_results: [] }, tokens: 0 });
  if (finish !== null && !quirks.has('finish_with_last_piece')) chunks.push(chunk({}, 0, finish));
  if (options.includeUsage) chunks.push({ data: { ...base, choices: [], usage }, tokens: 0 });
  return chunks;
}

/** The same answer as one JSON body. */
export function wholeAnswer(spoken: Spoken, head: Head, options: Omit<ChunkOptions, 'pieceCharacters'>) {
  const { quirks } = options;
  const tool_calls = spoken.calls.map((call, index) => ({
    ...indexAs(index, options, false),
    ...idAs(call, index, options),
    type: 'function',
    function: { name: call.name, arguments: argumentsAs(call, options) },
  }));
  const message = {
    role: 'assistant',
    content: spoken.content === '' && quirks.has('null_content') ? null : contentAs(spoken.content, options),
    ...(spoken.reasoning === undefined ? {} : reasoningOfMessage(spoken.reasoning.form, spoken.reasoning.text, spoken.content)),
    ...(tool_calls.length > 0 ? { tool_calls } : quirks.has('null_tool_calls') ? { tool_calls: null } : {}),
  };
  const finish_reason = options.omitFinish ? null : finishAs(spoken, options);
  return {
    ...head,
    object: 'chat.completion',
    created: 0,
    choices: [{ index: 0, message, finish_reason }],
    ...(options.includeUsage ? { usage: usageAs(spoken.usage, options) } : {}),
  };
}

function callDeltas(
  call: SpokenCall,
  index: number,
  cut: (text: string) => string[],
  options: ChunkOptions,
): { delta: object; tokens: number }[] {
  const { quirks } = options;
  const place = indexAs(index, options, true);
  const id = idAs(call, index, options);
  const first = (sent: unknown) => ({
    tool_calls: [{ ...place, ...id, type: 'function', function: { name: call.name, arguments: sent } }],
  });
  if (callsAreWhole(quirks)) return [{ delta: first(argumentsAs(call, options)), tokens: tokensIn(call.arguments.length) }];
  const named = quirks.has('name_in_every_piece') ? { name: call.name } : {};
  const known = quirks.has('id_in_every_piece') ? id : {};
  const text = call.arguments === '{}' && quirks.has('empty_arguments') ? '' : call.arguments;
  return [
    { delta: first(''), tokens: 1 },
    ...cut(text).map((piece) => ({
      delta: { tool_calls: [{ ...place, ...known, function: { ...named, arguments: piece } }] },
      tokens: tokensIn(piece.length),
    })),
  ];
}

/** Whole answers have no index. */
function indexAs(index: number, { quirks }: Oddity, streamed: boolean): { index?: unknown } {
  if (!streamed) return quirks.has('index_as_text') ? { index: String(index) } : {};
  if (quirks.has('calls_without_index')) return {};
  if (quirks.has('calls_under_one_index')) return { index: 0 };
  return { index: quirks.has('index_as_text') ? String(index) : index };
}

function idAs(call: SpokenCall, index: number, { quirks }: Oddity): { id?: unknown } {
  if (quirks.has('equal_ids')) return { id: 'call_0' };
  if (quirks.has('empty_ids')) return { id: '' };
  if (quirks.has('id_as_number')) return { id: index + 1 };
  return call.id === undefined ? {} : { id: call.id };
}

function argumentsAs(call: SpokenCall, { quirks }: Oddity): unknown {
  if (call.arguments === '{}' && quirks.has('empty_arguments')) return '';
  if (!quirks.has('arguments_as_object')) return call.arguments;
  try {
    return JSON.parse(call.arguments);
  } catch {
    return call.arguments;
  }
}

function contentAs(text: string, { quirks }: Oddity): unknown {
  return quirks.has('content_in_parts') && text !== '' ? [{ type: 'text', text }] : text;
}

const stopWords = ['eos', 'EOS', 'end_turn', 'STOP', 'stop_sequence', 'eos_token'];
const callWords = ['stop', 'function_call', 'tool_use', 'TOOL_CALLS', 'tool_call'];

/** What servers write for a natural end. */
function finishAs({ finish_reason, calls }: Spoken, { quirks, chance }: Oddity): string {
  const natural = finish_reason === 'stop' || finish_reason === 'tool_calls';
  if (!natural || !quirks.has('other_finish_word')) return finish_reason;
  const words = calls.length > 0 ? callWords : stopWords;
  return words[Math.floor(chance * words.length)] ?? finish_reason;
}

/** Cuts by code point, so that no surrogate pair is torn. */
function pieces(text: string, size: number): string[] {
  if (text.length <= size) return text === '' ? [] : [text];
  const points = [...text];
  const cut: string[] = [];
  for (let start = 0; start < points.length; start += size) cut.push(points.slice(start, start + size).join(''));
  return cut;
}

/** Cuts within each surrogate pair too. */
function tornPieces(text: string, size: number): string[] {
  return pieces(text, size).flatMap((piece) => piece.split(/(?<=[\ud800-\udbff])(?=[\udc00-\udfff])/));
}
