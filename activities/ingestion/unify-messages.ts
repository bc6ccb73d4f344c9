import type { Message, ToolCall } from '../../schemas/message.ts';
import { splitReasoning } from '../reasoning/split-reasoning.ts';
import type { LooseCall, LooseMessage } from './loose-message.ts';
import type { Oddities } from './oddities.ts';

/**
 * Loose messages in the one message format: results paired with their calls, ids made up where there are none or
 * where one is used again, reasoning in its own field. Results go by id; without ids in the order of the calls.
 * Calls and results that find no partner stay, and are noted.
 */
export function unifyMessages(loose: LooseMessage[], oddities: Oddities): Message[] {
  const pairing = new Pairing(oddities);
  const messages = loose.map((message, index): Message => {
    if (message.dropped.length > 0) oddities.note(`parts left out that are no text: ${[...new Set(message.dropped)].join(', ')}`, index);
    switch (message.role) {
      case 'system':
      case 'user':
        return { role: message.role, content: message.content };
      case 'tool':
        return { role: 'tool', content: message.content, tool_call_id: pairing.answered(message.answers, index) };
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
  ends: boolean;
  message: number;
}

class Pairing {
  readonly #oddities: Oddities;
  readonly #used = new Set<string>();
  #open: OpenCall[] = [];

  constructor(oddities: Oddities) {
    this.#oddities = oddities;
  }

  called(calls: LooseCall[], message: number): ToolCall[] {
    // A later turn proves that earlier calls got no result: their place must not take the next one.
    if (calls.length > 0) this.#giveUp(this.#open);
    return calls.map((call, index) => {
      const id = this.#unique(call.id ?? `call_${message}_${index}`, message);
      this.#open.push({ given: call.id, id, ends: endsRun(call), message });
      return { id, type: 'function', function: { name: call.name, arguments: call.arguments } };
    });
  }

  /** The id of the call that a result belongs to. */
  answered(given: string | null, message: number): string {
    const named = this.#open.findIndex((call) => call.given === given);
    const index = named === -1 ? this.#open.findIndex((call) => given === null || call.given === null) : named;
    const [call] = index === -1 ? [] : this.#open.splice(index, 1);
    if (call !== undefined) return call.id;
    this.#oddities.note('results that belong to no call', message);
    return given ?? `result_${message}`;
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
