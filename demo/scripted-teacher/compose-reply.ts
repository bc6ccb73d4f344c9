import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ReasoningForm } from '../../schemas/reasoning-form.ts';
import type { TeacherQuirk } from '../../schemas/teacher-quirk.ts';
import { type ScriptedCall, SpokenReasoning } from '../../schemas/teacher-script.ts';
import type { Asked } from './chat-request.ts';
import type { Chosen } from './choose-turn.ts';
import { fillTemplate } from './fill-template.ts';

/** A call as it goes on the wire. */
export interface SpokenCall {
  /** Undefined leaves the id out. */
  id: string | undefined;
  name: string;
  arguments: string;
}

/** An answer before it is cut into chunks. */
export interface Spoken {
  /** With its reasoning, where that is inline. */
  content: string;
  /** Reasoning that is apart from the content. */
  reasoning: { form: Exclude<SpokenReasoning, 'inline' | 'inline_unopened' | 'both'>; text: string } | undefined;
  calls: SpokenCall[];
  finish_reason: string;
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

/** How an answer is made odd: a function of the request, as everything else. */
export interface Oddity {
  quirks: ReadonlySet<TeacherQuirk>;
  /** From 0 to below 1: decides where a quirk has several forms. */
  chance: number;
}

/** The answer of a turn: a function of script and request. */
export function composeReply({ script, turn, values }: Chosen, asked: Asked, requestBody: string, { quirks, chance }: Oddity): Spoken {
  const broken = quirks.has('lone_surrogates');
  const torn = quirks.has('torn_surrogates') ? ' 😀' : '';
  const text = `${fillTemplate(turn.text, values)}${torn}${broken ? ' \ud83d' : ''}`;
  const reasons = asked.thinking && turn.reasoning !== undefined;
  const thought = reasons ? `${fillTemplate(turn.reasoning ?? '', values)}${torn}${broken ? ' \udc00' : ''}` : '';
  const calls = turn.calls.map((call, index) => speakCall(call, asked, values, index)).map((call) => (broken ? breakCommand(call) : call));
  const prompt_tokens = promptTokensIn(script.reads_reasoning === undefined ? requestBody : readBody(requestBody, script.reads_reasoning));
  const completion_tokens = tokensIn(
    text.length + thought.length + calls.reduce((sum, call) => sum + call.name.length + call.arguments.length, 0),
  );
  const form = quirks.has('other_reasoning_field') ? anyForm(chance) : script.reasoning_field;
  return {
    ...placeReasoning(thought, text, form),
    calls,
    finish_reason: turn.finish_reason ?? (calls.length > 0 ? 'tool_calls' : 'stop'),
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  };
}

function anyForm(chance: number): SpokenReasoning {
  const forms = SpokenReasoning.options;
  return forms[Math.floor(chance * forms.length)] ?? 'reasoning';
}

/** Half of a surrogate pair in a comment, where it changes nothing of what the command does. */
function breakCommand(call: SpokenCall): SpokenCall {
  const parsed = Command.safeParse(parseJson(call.arguments));
  if (!parsed.success || !/^[^\n\\]+$/.test(parsed.data.command)) return call;
  return { ...call, arguments: JSON.stringify({ ...parsed.data, command: `${parsed.data.command} # \ud83d` }) };
}

const Command = z.looseObject({ command: z.string(), path: z.undefined().optional(), is_input: z.undefined().optional() });

/**
 * What calls say, whatever form they took on their way: names, and arguments as JSON with its keys in order. A half of a
 * surrogate pair is what no file or request can hold.
 */
export function callsSha256(calls: readonly Pick<SpokenCall, 'name' | 'arguments'>[]): string {
  const meant = calls.map(({ name, arguments: sent }) => [name, sent === '' ? {} : (parseJson(sent) ?? sent)]);
  return createHash('sha256')
    .update(JSON.stringify(wellFormed(meant)))
    .digest('hex');
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, wellFormed(item)]));
}

const Request = z.looseObject({ messages: z.array(z.record(z.string(), z.unknown())) });
const fields: Partial<Record<string, ReasoningForm[]>> = {
  reasoning_content: ['reasoning_content', 'both_fields'],
  reasoning: ['reasoning', 'both_fields'],
  reasoning_details: ['reasoning_details'],
  thinking_blocks: ['thinking_blocks'],
};

/** A request as a server sees it that drops fields of reasoning that it does not know. */
function readBody(body: string, reads: readonly ReasoningForm[]): string {
  const request = Request.parse(JSON.parse(body));
  const messages = request.messages.map((message) =>
    Object.fromEntries(Object.entries(message).filter(([name]) => fields[name]?.some((form) => reads.includes(form)) ?? true)),
  );
  return JSON.stringify({ ...request, messages });
}

/**
 * Numbers with their units, spaces and punctuation do not count: a test run that takes longer prints longer durations,
 * and equal rollouts must cost the same.
 */
function promptTokensIn(body: string): number {
  return tokensIn(body.replaceAll(/\d[\w.]*|[^\p{L}]+/gu, '').length);
}

/** Four characters a token: crude, but the same on every machine. */
export function tokensIn(characters: number): number {
  return Math.ceil(characters / 4);
}

function placeReasoning(thought: string, text: string, form: SpokenReasoning): Pick<Spoken, 'content' | 'reasoning'> {
  if (thought === '') return { content: text, reasoning: undefined };
  if (form === 'inline_unopened') return { content: `${thought}\n</think>\n\n${text}`, reasoning: undefined };
  const inline = `<think>\n${thought}\n</think>\n\n${text}`;
  if (form === 'inline') return { content: inline, reasoning: undefined };
  if (form === 'both') return { content: inline, reasoning: { form: 'reasoning_content', text: thought } };
  return { content: text, reasoning: { form, text: thought } };
}

function speakCall(call: ScriptedCall, asked: Asked, values: Record<string, string>, index: number): SpokenCall {
  const defaultId = `scripted_${asked.turn}_${index}`;
  const fill = (text: string) => fillTemplate(text, values);
  if ('tool' in call) {
    const sent = typeof call.arguments === 'string' ? fill(call.arguments) : JSON.stringify(fillDeep(call.arguments, fill));
    return { id: call.id === undefined ? defaultId : (call.id ?? undefined), name: fill(call.tool), arguments: sent };
  }
  const { name, parameters } = spell(call, asked);
  return { id: defaultId, name, arguments: JSON.stringify(fillDeep(parameters, fill)) };
}

/** The harness's own names for what a script wants done. */
function spell(call: Exclude<ScriptedCall, { tool: string }>, asked: Asked): { name: string; parameters: Record<string, unknown> } {
  const sweagent = asked.harness === 'sweagent';
  if ('run' in call) {
    if (sweagent || !asked.tools.includes('execute_bash')) return { name: 'bash', parameters: { command: call.run } };
    const parameters: Record<string, unknown> = { command: call.run };
    if (call.is_input !== undefined) parameters['is_input'] = String(call.is_input);
    if (call.timeout !== undefined) parameters['timeout'] = call.timeout;
    return { name: 'execute_bash', parameters };
  }
  if ('finish' in call) return sweagent ? { name: 'submit', parameters: {} } : { name: 'finish', parameters: { message: call.finish } };
  if ('think' in call) {
    // SWE-agent has no such tool; a harmless command takes its place so that both harnesses keep the same turns.
    return sweagent ? { name: 'bash', parameters: { command: ': thinking' } } : { name: 'think', parameters: { thought: call.think } };
  }
  return { name: 'str_replace_editor', parameters: spellEdit(call) };
}

type EditCall = Exclude<ScriptedCall, { tool: string } | { run: string } | { finish: string } | { think: string }>;

function spellEdit(call: EditCall): Record<string, unknown> {
  if ('view' in call) {
    return { command: 'view', path: call.view, ...(call.view_range === undefined ? {} : { view_range: call.view_range }) };
  }
  if ('create' in call) return { command: 'create', path: call.create, file_text: call.file_text };
  if ('str_replace' in call) {
    const replacement = call.new_str === undefined ? {} : { new_str: call.new_str };
    return { command: 'str_replace', path: call.str_replace, old_str: call.old_str, ...replacement };
  }
  if ('insert' in call) return { command: 'insert', path: call.insert, insert_line: call.insert_line, new_str: call.new_str };
  return { command: 'undo_edit', path: call.undo_edit };
}

function fillDeep(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === 'string') return fill(value);
  if (Array.isArray(value)) return value.map((item: unknown) => fillDeep(item, fill));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, fillDeep(item, fill)]));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
