import type { ScriptedCall } from '../../schemas/teacher-script.ts';
import type { Asked } from './chat-request.ts';
import type { Chosen } from './choose-turn.ts';
import { fillTemplate } from './fill-template.ts';

/** A call as it goes on the wire. */
interface SpokenCall {
  /** Undefined leaves the id out. */
  id: string | undefined;
  name: string;
  arguments: string;
}

/** An answer before it is cut into chunks. */
export interface Spoken {
  content: string;
  reasoning: Partial<Record<'reasoning_content' | 'reasoning', string>>;
  calls: SpokenCall[];
  finish_reason: string;
  usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

/** The answer of a turn: a function of script and request. */
export function composeReply({ script, turn, values }: Chosen, asked: Asked, requestBody: string): Spoken {
  const text = fillTemplate(turn.text, values);
  const thought = asked.thinking && turn.reasoning !== undefined ? fillTemplate(turn.reasoning, values) : '';
  const calls = turn.calls.map((call, index) => speakCall(call, asked, values, index));
  const prompt_tokens = promptTokensIn(requestBody);
  const completion_tokens = tokensIn(
    text.length + thought.length + calls.reduce((sum, call) => sum + call.name.length + call.arguments.length, 0),
  );
  return {
    ...placeReasoning(thought, text, script.reasoning_field),
    calls,
    finish_reason: turn.finish_reason ?? (calls.length > 0 ? 'tool_calls' : 'stop'),
    usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens },
  };
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

function placeReasoning(thought: string, text: string, field: Chosen['script']['reasoning_field']): Pick<Spoken, 'content' | 'reasoning'> {
  if (thought === '') return { content: text, reasoning: {} };
  if (field === 'inline') return { content: `<think>\n${thought}\n</think>\n\n${text}`, reasoning: {} };
  if (field === 'inline_unopened') return { content: `${thought}\n</think>\n\n${text}`, reasoning: {} };
  if (field === 'both') return { content: `<think>\n${thought}\n</think>\n\n${text}`, reasoning: { reasoning_content: thought } };
  return { content: text, reasoning: { [field]: thought } };
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
