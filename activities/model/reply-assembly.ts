import { z } from 'zod';
import type { ToolCall } from '../../schemas/message.ts';
import type { Mode } from '../../schemas/names.ts';
import type { ReasoningForm } from '../../schemas/reasoning-form.ts';
import type { Reply } from '../../schemas/turn.ts';
import { splitReasoning } from '../reasoning/split-reasoning.ts';
import { WireUsage } from './usage.ts';

const text = z.string().nullish();

const WireCall = z.looseObject({
  index: z.int().min(0).nullish(),
  id: text,
  function: z.looseObject({ name: text, arguments: z.union([z.string(), z.record(z.string(), z.unknown())]).nullish() }).nullish(),
});

const WireMessage = z.looseObject({
  content: z.union([z.string(), z.array(z.looseObject({ text }))]).nullish(),
  reasoning_content: text,
  reasoning: text,
  refusal: text,
  tool_calls: z.array(WireCall).nullish(),
});

/** A chunk of a stream, or a whole answer: servers differ in everything that is optional here. */
const WireAnswer = z.looseObject({
  model: text,
  choices: z
    .array(z.looseObject({ index: z.int().nullish(), delta: WireMessage.nullish(), message: WireMessage.nullish(), finish_reason: text }))
    .nullish(),
  usage: WireUsage.nullish(),
});

/** The answer broke off or made no sense: worth another try. */
export class BrokenAnswer extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'BrokenAnswer';
  }
}

interface CallParts {
  index: number | undefined;
  id: string;
  name: string;
  arguments: string;
}

/** Puts a reply together from the chunks of a stream; a whole answer is a stream of one chunk. */
export class ReplyAssembly {
  #content = '';
  readonly #reasoning = { reasoning_content: '', reasoning: '' };
  readonly #calls: CallParts[] = [];
  #finish: string | undefined;
  #model: string | undefined;
  #usage: z.infer<typeof WireUsage> | undefined;

  /** Throws {@link BrokenAnswer} for something that is no answer. */
  add(chunk: unknown): void {
    const read = WireAnswer.safeParse(chunk);
    if (!read.success) throw new BrokenAnswer(`the server sent something that is no chat completion: ${z.prettifyError(read.error)}`);
    this.#model = read.data.model || this.#model;
    this.#usage = read.data.usage ?? this.#usage;
    const choice = read.data.choices?.find(({ index }) => (index ?? 0) === 0);
    if (choice === undefined) return;
    const message = choice.delta ?? choice.message;
    if (message) this.#addMessage(message);
    this.#finish = choice.finish_reason || this.#finish;
  }

  /**
   * The whole reply. Calls without an id get one that only depends on exchange and place. Throws
   * {@link BrokenAnswer} without a finish reason: the stream was cut, however cleanly.
   */
  finish(exchange: number, mode: Mode, requestedModel: string): { reply: Reply; usage: z.infer<typeof WireUsage> | undefined } {
    if (this.#finish === undefined) throw new BrokenAnswer('the answer ended without a finish reason');
    // Servers that fill both fields fill them with the same text.
    const field = this.#reasoning.reasoning_content || this.#reasoning.reasoning;
    const { content, reasoning } = splitReasoning(this.#content, field, mode);
    const tool_calls = this.#toolCalls(exchange);
    const reply: Reply = {
      content,
      ...(reasoning === '' ? {} : { reasoning_content: reasoning, reasoning_form: this.#formOfReasoning() }),
      tool_calls,
      finish_reason: finishReason(this.#finish, tool_calls.length > 0),
      model: this.#model ?? requestedModel,
    };
    return { reply, usage: this.#usage };
  }

  #formOfReasoning(): ReasoningForm {
    const { reasoning_content, reasoning } = this.#reasoning;
    if (reasoning_content !== '') return reasoning === '' ? 'reasoning_content' : 'both_fields';
    return reasoning === '' ? 'inline' : 'reasoning';
  }

  #addMessage(message: z.infer<typeof WireMessage>): void {
    const content = message.content ?? message.refusal ?? '';
    this.#content += typeof content === 'string' ? content : content.map((part) => part.text ?? '').join('');
    this.#reasoning.reasoning_content += message.reasoning_content ?? '';
    this.#reasoning.reasoning += message.reasoning ?? '';
    for (const call of message.tool_calls ?? []) this.#addCall(call);
  }

  #addCall(delta: z.infer<typeof WireCall>): void {
    const call = this.#callFor(delta);
    call.id ||= delta.id ?? '';
    const name = delta.function?.name ?? '';
    // Some servers repeat the whole name in every delta; others send it in pieces.
    if (name !== call.name) call.name += name;
    const sent = delta.function?.arguments ?? '';
    call.arguments += typeof sent === 'string' ? sent : JSON.stringify(sent);
  }

  /** By index; without one, a new id or a name after finished arguments begins a new call. */
  #callFor(delta: z.infer<typeof WireCall>): CallParts {
    const index = delta.index ?? undefined;
    const last = this.#calls.at(-1);
    const same =
      index === undefined
        ? last !== undefined && (delta.id ? delta.id === last.id : !(delta.function?.name && last.arguments !== ''))
          ? last
          : undefined
        : this.#calls.find((call) => call.index === index);
    if (same !== undefined) return same;
    const fresh: CallParts = { index, id: '', name: '', arguments: '' };
    this.#calls.push(fresh);
    return fresh;
  }

  #toolCalls(exchange: number): ToolCall[] {
    const taken = new Set<string>();
    const ordered = this.#calls.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0));
    return ordered.map((call, place) => {
      const id = call.id === '' || taken.has(call.id) ? `call_${exchange}_${place}` : call.id;
      taken.add(id);
      return { id, type: 'function', function: { name: call.name, arguments: call.arguments } };
    });
  }
}

function finishReason(sent: string, calls: boolean): Reply['finish_reason'] {
  if (sent === 'length' || sent === 'max_tokens') return 'length';
  if (sent === 'content_filter' || sent === 'refusal' || sent === 'safety') return 'content_filter';
  // The engine gave up in the middle, which is not the model's doing.
  if (sent === 'abort' || sent === 'error') throw new BrokenAnswer(`the server ended the answer with finish reason ${sent}`);
  return calls ? 'tool_calls' : 'stop';
}
