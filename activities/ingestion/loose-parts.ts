import { idOf, looksLikeCall, missingArguments, readCall, shapeOf, toolOf } from './loose-calls.ts';
import type { LooseCall, LooseLoss } from './loose-message.ts';
import { at, type Fields, fieldsOf, firstOf, firstText, numberOf, textOf } from './loose-values.ts';
import { isRecord } from '../../schemas/is-record.ts';
import { unknownKeys } from './surroundings.ts';

/** What a tool gave back, and to which call. */
export interface LooseResult {
  answers: string | null;
  tool: string | null;
  content: string;
  dropped: string[];
  lost: LooseLoss[];
}

/** One part of a content, as what it means. A call may come with its result. */
export type LoosePart =
  | { kind: 'text'; text: string }
  | { kind: 'thinking'; text: string }
  | { kind: 'call'; call: LooseCall; result: LooseResult | null }
  | { kind: 'result'; result: LooseResult }
  | { kind: 'dropped'; type: string }
  | { kind: 'lost'; loss: LooseLoss };

/** A content by what its parts mean. */
export interface LooseContent {
  text: string;
  thinking: string[];
  dropped: string[];
  parts: LoosePart[];
}

/** Text of a content that is a string, null or a list of parts; what is no text apart. */
export function readContent(content: unknown): LooseContent {
  if (content === '') return { text: '', thinking: [], dropped: [], parts: [] };
  if (typeof content === 'string') return { text: content, thinking: [], dropped: [], parts: [{ kind: 'text', text: content }] };
  const parts = (Array.isArray(content) ? content : content === null || content === undefined ? [] : [content]).flatMap(readPart);
  const texts = (kind: 'text' | 'thinking') => parts.flatMap((part) => (part.kind === kind ? [part.text] : []));
  return {
    text: texts('text').join('\n'),
    thinking: texts('thinking'),
    dropped: parts.flatMap((part) => (part.kind === 'dropped' ? [part.type] : [])),
    parts,
  };
}

/**
 * A part by its fields rather than by its label, since APIs label the same thing differently: Anthropic's `tool_use`, Bedrock's
 * `toolUse`, Gemini's `functionCall`, the AI SDK's `tool-call`.
 */
function readPart(part: unknown): LoosePart[] {
  if (typeof part === 'string') return [{ kind: 'text', text: part }];
  if (part === null || part === undefined) return [];
  if (!isRecord(part)) return [{ kind: 'dropped', type: typeof part }];
  const type = textOf(part['type']) ?? '';
  const thinking = thinkingOf(part, type);
  if (thinking !== null) return [{ kind: 'thinking', text: thinking }];
  // Columns of one shape fill the fields that a part does not have.
  if (typeof part['text'] === 'string' && part['text'] !== '') return [{ kind: 'text', text: part['text'] }];
  const read = resultPart(part, type) ?? callPart(part, type) ?? otherPart(part, type);
  if (read === null) return [];
  return read.kind === 'call'
    ? [read, ...missingIn(part, read.call, read.result).map((loss): LoosePart => ({ kind: 'lost', loss }))]
    : [read];
}

function thinkingOf(part: Fields, type: string): string | null {
  if (typeof part['thinking'] === 'string') return part['thinking'];
  if (part['thought'] === true) return textOf(part['text']);
  const held = part['reasoningContent'] ?? (/^(?:reasoning|thinking|thought)/.test(type) ? part : undefined);
  return held === undefined ? null : thoughtText(held);
}

/** The text of reasoning in any of its shapes: text, lists, OpenRouter's details, Bedrock's and Gemini's objects. Null where it holds none. */
export function thoughtText(value: unknown): string | null {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) return textOf(value.flatMap((item) => thoughtText(item) ?? []).join('\n'));
  if (!isRecord(value)) return null;
  const title = textOf(value['subject']);
  const text = firstText(value, ['thinking', 'text', 'reasoning', 'summary', 'content', 'description']);
  if (text !== null) return title === null ? text : `${title}\n${text}`;
  return thoughtText(firstOf(value, ['reasoningText', 'summary', 'content', 'thinking', 'details']));
}

const resultKeys = ['functionResponse', 'function_response', 'toolResult', 'codeExecutionResult', 'code_execution_result'];

const partKeys = ['text', 'toolUse', 'toolResult', 'functionCall', 'functionResponse', 'reasoningContent'];

const partTypes =
  /^(?:(?:input_|output_)?text|thinking|redacted_thinking|reasoning|(?:server_)?tool_use|\w*tool_result|tool-(?:call|result)|(?:input_)?image(?:_url)?)$/;

/** Whether a value is a part and nothing else: by the label of a usual API, or by keys that stand in its place. */
export function isPart(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { type } = value;
  if (typeof type === 'string') return partTypes.test(type);
  return Object.keys(value).every((key) => partKeys.includes(key));
}

function resultPart(part: Fields, type: string): LoosePart | null {
  const inner = firstOf(part, resultKeys);
  if (isRecord(inner)) return { kind: 'result', result: readResult(inner) };
  const labelled = /(?:^|[_-])(?:result|output|response|observation)s?$/.test(type);
  const unlabelled = type === '' && idOf(part) !== null && ['content', 'output', 'result'].some((key) => key in part);
  if (!labelled && !unlabelled) return null;
  const nested = firstOf(part, ['tool_result', 'result']);
  const result = readResult(isRecord(nested) && idOf(part) === null ? nested : part);
  return { kind: 'result', result };
}

/** A result whose text lies under the name that the API gives it. */
export function readResult(fields: Fields): LooseResult {
  const held = firstOf(fields, resultTextKeys);
  const { text, dropped } = resultText(held);
  const unknown = held === undefined ? unknownKeys(fields, resultTextKeys) : [];
  const lost: LooseLoss[] =
    unknown.length === 0 ? [] : [{ what: 'result', reason: `the text of a result was not found (keys: ${unknown.join(', ')})` }];
  return { answers: idOf(fields), tool: toolOf(fields), content: text, dropped, lost };
}

const resultTextKeys = ['content', 'output', 'outputs', 'result', 'response', 'errorText', 'error', 'value', 'text', 'parts'];

const outputKeys = ['output', 'stdout', 'stderr', 'result', 'content', 'text', 'value', 'error', 'message'];

/**
 * What a tool gave back as text: parts joined; of an object the texts that it holds under the usual names, with its exit code, else
 * the object as JSON.
 */
function resultText(value: unknown): { text: string; dropped: string[] } {
  if (value === null || value === undefined) return { text: '', dropped: [] };
  if (Array.isArray(value)) {
    const read = value.map((item) => (isRecord(item) ? partText(item) : resultText(item)));
    return { text: read.flatMap(({ text }) => (text === '' ? [] : [text])).join('\n'), dropped: read.flatMap(({ dropped }) => dropped) };
  }
  if (!isRecord(value)) return { text: typeof value === 'string' ? value : JSON.stringify(value), dropped: [] };
  const texts = outputKeys.flatMap((key) => textOf(value[key]) ?? []);
  const exit = numberOf(firstOf(value, ['exit_code', 'exitCode', 'returncode', 'return_code']));
  const code = exit === null ? [] : [`[exit code ${exit}]`];
  if (texts.length > 0 || (code.length > 0 && outputKeys.some((key) => value[key] === ''))) {
    return { text: [...texts, ...code].join('\n'), dropped: [] };
  }
  const inner = firstOf(value, ['value', 'content', 'output', 'result']);
  if (inner !== undefined && inner !== '' && typeof inner === 'object') return resultText(inner);
  if (outputKeys.some((key) => value[key] === '')) return { text: '', dropped: [] };
  return { text: JSON.stringify(value), dropped: [] };
}

function partText(item: Fields): { text: string; dropped: string[] } {
  const text = firstText(item, ['text', 'content', 'value']) ?? textOf(at(item, 'document', 'data'));
  if (text !== null) return { text, dropped: [] };
  if (item['json'] !== undefined) return { text: JSON.stringify(item['json']), dropped: [] };
  const type = textOf(item['type']) ?? '';
  if (mediaTypes.test(type)) return { text: '', dropped: [type] };
  return typeof item['text'] === 'string' ? { text: '', dropped: [] } : resultText(item);
}

const mediaTypes = /image|audio|video|file|media/i;

function callPart(part: Fields, type: string): LoosePart | null {
  const code = fieldsOf(part['executableCode'] ?? part['executable_code']);
  if (typeof code['code'] === 'string') {
    return { kind: 'call', call: { id: null, name: 'code_execution', arguments: JSON.stringify(code) }, result: null };
  }
  // The AI SDK writes the tool's name into the label, and the result into the same part.
  const named = /^tool-(?!call$|invocation$)(.+)$/.exec(type)?.[1];
  const labelled = named !== undefined && part['toolCallId'] !== undefined;
  const call = labelled ? readCall({ ...part, name: named }) : looksLikeCall(part) || callTypes.test(type) ? readCall(part) : null;
  if (call === null) return null;
  const holder = fieldsOf(part['toolInvocation'] ?? part);
  const answered = firstOf(holder, ['output', 'result', 'errorText']) !== undefined;
  return { kind: 'call', call, result: answered ? { ...readResult(holder), answers: call.id, tool: call.name } : null };
}

/** What a part says to have and has under no known name. */
function missingIn(part: Fields, { name, arguments: text }: LooseCall, result: LooseResult | null): LooseLoss[] {
  const holder = fieldsOf(part['toolInvocation'] ?? part);
  const lost = text === '' ? missingArguments({ name, ...holder }) : [];
  if (result === null && /^(?:result|output)/.test(textOf(holder['state']) ?? ''))
    lost.push({ what: 'result', reason: `the result of a call of ${name} was not found (${shapeOf(holder)})` });
  return lost;
}

const callTypes = /tool[_-]?use|tool[_-]?call|tool-invocation|function[_-]?call|_call$/i;

/** Parts that are no text, by label or key. Reasoning without a text was encrypted or left out. */
const plainlyOther = /image|audio|video|file|media|document|redacted|encrypted|thinking|reasoning|cache|step|source|citation|signature/i;

function otherPart(part: Fields, type: string): LoosePart | null {
  const text = firstText(part, ['refusal', 'value', 'content']) ?? textOf(at(part, 'document', 'data'));
  if (text !== null) return { kind: 'text', text };
  const keys = Object.keys(part).filter((key) => part[key] !== null && key !== 'type');
  if (type === 'text' || (type === '' && keys.length === 0)) return null;
  const label = type === '' ? (keys[0] ?? '') : type;
  if (plainlyOther.test(label)) return { kind: 'dropped', type: label };
  const seems = /tool|function|call|command|action|exec/i.test(label);
  const reason = `a part ${JSON.stringify(label)} ${seems ? 'that looks like a call' : 'that is not known'} (${shapeOf(part)})`;
  return { kind: 'lost', loss: { what: seems ? 'call' : 'message', reason } };
}
