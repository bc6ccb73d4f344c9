import type { Message, ToolCall } from '../../schemas/message.ts';
import { splitReasoning } from '../reasoning/split-reasoning.ts';
import type { LooseCall, LooseMessage } from './loose-message.ts';
import type { Oddities } from './oddities.ts';

/**
 * Loose messages in the one message format: results paired with their calls, ids made up where there are none or
 * where one is used again, reasoning in its own field. Results go by id; without ids in the order of the calls.
 * Calls and results that find no partner stay, and are noted; a result that cannot belong to any call that was read tells of a call
 * that was lost.
 */
export function unifyMessages(loose: LooseMessage[], oddities: Oddities): Message[] {
  const pairing = new Pairing(oddities);
  const messages = loose.map((message, index): Message => {
    for (const { what, reason } of message.lost) oddities.lose(what, reason, index);
    if (message.dropped.length > 0) oddities.note(`parts left out that are no text: ${[...new Set(message.dropped)].join(', ')}`, index);
    switch (message.role) {
      case 'system':
      case 'user':
        return { role: message.role, content: message.content };
      case 'tool':
        return { role: 'tool', content: message.content, tool_call_id: pairing.answered(message, index) };
      case 'assistant': {
        const { content, reasoning, differs } = splitReasoning(message.content, message.reasoning, 'unknown');
        if (differs) oddities.note('reasoning stands both in the text and in its own field, and differs: both are kept', index);
        const calls = pairing.called(message.calls, index);
        return {
          role: 'assistant',
          content,
          ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
          ...(calls.length === 0 ? {} : { tool_calls: calls }),
        };
      }
    }
  });
  pairing.end();
  return messages;
}

/** A call that waits for its result. */
interface OpenCall {
  /** The file's id; null where it has none. */
  given: string | null;
  id: string;
  name: string;
  ends: boolean;
  message: number;
}

class Pairing {
  readonly #oddities: Oddities;
  readonly #used = new Set<string>();
  /** The file's ids of calls that were read. */
  readonly #given = new Set<string>();
  #open: OpenCall[] = [];
  /** Whether the last reply called anything: then a result too many is a second one, else its call was not read. */
  #asked = false;

  constructor(oddities: Oddities) {
    this.#oddities = oddities;
  }

  called(calls: LooseCall[], message: number): ToolCall[] {
    // A later turn proves that earlier calls got no result: their place must not take the next one.
    if (calls.length > 0) this.#giveUp(this.#open);
    this.#asked = calls.length > 0;
    return calls.map((call, index) => {
      const id = this.#unique(call.id ?? `call_${message}_${index}`, message);
      if (call.id !== null) this.#given.add(call.id);
      this.#open.push({ given: call.id, id, name: call.name, ends: endsRun(call), message });
      return { id, type: 'function', function: { name: call.name, arguments: call.arguments } };
    });
  }

  /** The id of the call that a result belongs to. */
  answered({ answers, tool }: LooseMessage, message: number): string {
    const index = this.#indexOf(answers, tool);
    const [call] = index === -1 ? [] : this.#open.splice(index, 1);
    if (call !== undefined) return call.id;
    const known = answers === null ? this.#asked : this.#given.has(answers);
    if (known) this.#oddities.note('results that belong to no call', message);
    else this.#oddities.lose('call', 'a result whose call is not on record', message);
    return answers ?? `result_${message}`;
  }

  #indexOf(answers: string | null, tool: string | null): number {
    const named = this.#open.findIndex(({ given }) => given === answers && answers !== null);
    if (named !== -1) return named;
    const fits = (call: OpenCall) => answers === null || call.given === null;
    const same = tool === null ? -1 : this.#open.findIndex((call) => fits(call) && call.name === tool);
    return same === -1 ? this.#open.findIndex(fits) : same;
  }

  end(): void {
    const last = this.#open.at(-1);
    this.#giveUp(this.#open.filter((call) => call !== last || !call.ends));
  }

  #giveUp(calls: OpenCall[]): void {
    for (const { message } of calls) this.#oddities.note('calls without a result', message);
    this.#open = [];
  }

  #unique(id: string, message: number): string {
    let unique = id;
    for (let copy = 2; this.#used.has(unique); copy += 1) unique = `${id}~${copy}`;
    if (unique !== id) this.#oddities.note('call ids used again: made unique', message);
    this.#used.add(unique);
    return unique;
  }
}

/** Calls that end a run need no result. */
function endsRun({ name, arguments: text }: LooseCall): boolean {
  return ['finish', 'submit', 'exit', 'exit_forfeit'].includes(name) || text.includes('COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT');
}
