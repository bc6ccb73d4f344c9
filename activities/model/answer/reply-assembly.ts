import { z } from 'zod';
import type { Mode } from '../../../schemas/names.ts';
import type { Reply } from '../../../schemas/turn.ts';
import { splitReasoning } from '../../reasoning/split-reasoning.ts';
import { type SentUsage, betterUsage, readUsage } from '../usage.ts';
import { BrokenAnswer } from './broken-answer.ts';
import { CallAssembly } from './call-assembly.ts';
import { finishReason, isGivenUp } from './finish-reason.ts';
import { ReasoningAssembly } from './reasoning-assembly.ts';
import { spokenIn } from './spoken-text.ts';
import { TextPieces } from './text-pieces.ts';
import { WireAnswer, type WireMessage } from './wire.ts';

export interface AssembledReply {
  reply: Reply;
  /** What the server counted; undefined where it did not. */
  usage: SentUsage | undefined;
}

/** Puts a reply together from the chunks of a stream; a whole answer is a stream of one chunk. */
export class ReplyAssembly {
  readonly #content = new TextPieces();
  readonly #reasoning = new ReasoningAssembly();
  readonly #calls = new CallAssembly();
  #choice: number | undefined;
  #finish: string | undefined;
  #isOver = false;
  #model: string | undefined;
  #usage: SentUsage | undefined;

  /** Throws {@link BrokenAnswer} for something that is no answer. */
  add(chunk: unknown): void {
    const read = WireAnswer.safeParse(chunk);
    if (!read.success) throw new BrokenAnswer(`the server sent something that is no chat completion: ${z.prettifyError(read.error)}`);
    const { object, model, choices, usage } = read.data;
    this.#model = model || this.#model;
    this.#usage = betterUsage(this.#usage, readUsage(usage));
    for (const choice of choices ?? []) {
      if (choice === null) continue;
      // One reply was asked for; where more come, it is the first.
      this.#choice ??= choice.index ?? 0;
      if ((choice.index ?? this.#choice) !== this.#choice) continue;
      if (choice.delta) this.#addPiece(choice.delta);
      else if (choice.message) this.#addMessage(choice.message, object === 'chat.completion');
      this.#finish = choice.finish_reason || this.#finish;
      this.#usage = betterUsage(this.#usage, readUsage(choice.usage));
    }
  }

  /** The server said itself that the answer is over: by the last event of a stream, or as the answer was one JSON text. */
  over(): void {
    this.#isOver = true;
  }

  /** Whether the model came to its end. What goes wrong afterwards does not touch the reply, which is paid. */
  get isFinished(): boolean {
    return this.#finish !== undefined && !isGivenUp(this.#finish);
  }

  /**
   * The whole reply. Throws {@link BrokenAnswer} for an answer that was cut, however cleanly: with neither a finish reason nor an
   * end said by the server, or with an end behind half a call.
   */
  finish(exchange: number, mode: Mode, requestedModel: string): AssembledReply {
    const { content, reasoning } = splitReasoning(this.#content.text.toWellFormed(), this.#reasoning.text, mode);
    const tool_calls = this.#calls.finish(exchange);
    const isEmpty = content.trim() === '' && reasoning === '' && tool_calls.length === 0;
    const reply: Reply = {
      content,
      ...(reasoning === '' ? {} : { reasoning_content: reasoning, ...this.#howItCame() }),
      tool_calls,
      finish_reason: finishReason(this.#finish ?? this.#naturalEnd(isEmpty), tool_calls.length > 0),
      model: this.#model ?? requestedModel,
    };
    return { reply, usage: this.#usage };
  }

  #addPiece(delta: WireMessage): void {
    const { text, thinking } = spokenIn(delta);
    this.#content.add(text);
    this.#reasoning.add(delta, thinking);
    if (delta.tool_calls) this.#calls.addPieces(delta.tool_calls);
    if (delta.function_call) this.#calls.addSingle(delta.function_call);
  }

  /** A whole answer; or what closes a stream and says again what came in pieces; or a piece under another name. */
  #addMessage(message: WireMessage, isWhole: boolean): void {
    const { text, thinking } = spokenIn(message);
    const isFirst = this.#content.joined === '' && this.#reasoning.text === '' && this.#calls.isEmpty;
    if (!isFirst && !isWhole && text !== this.#content.joined) return this.#addPiece(message);
    if (this.#content.joined === '') this.#content.add(text);
    if (this.#reasoning.text === '') this.#reasoning.add(message, thinking);
    if (!this.#calls.isEmpty) return;
    this.#calls.setWhole(message.tool_calls ?? []);
    if (message.function_call) this.#calls.addSingle(message.function_call);
  }

  #howItCame(): Pick<Reply, 'reasoning_form' | 'reasoning_blocks'> {
    const { form, blocks } = this.#reasoning;
    return { reasoning_form: form, ...(blocks === undefined ? {} : { reasoning_blocks: blocks }) };
  }

  #naturalEnd(isEmpty: boolean): string {
    if (!this.#isOver) throw new BrokenAnswer('the answer ended without a finish reason');
    if (isEmpty) throw new BrokenAnswer('the answer is empty and has no finish reason');
    if (this.#calls.isCut) throw new BrokenAnswer('the answer ended without a finish reason, in the middle of a tool call');
    return 'stop';
  }
}
