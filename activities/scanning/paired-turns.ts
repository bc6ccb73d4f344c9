import type { AssistantMessage, Message, ToolCall } from '../../schemas/message.ts';

type ToolMessage = Extract<Message, { role: 'tool' }>;

/** A reply with the results of its calls, one a call in their order; undefined for a call that none answers. */
export interface PairedTurn {
  message: AssistantMessage;
  calls: readonly ToolCall[];
  results: (ToolMessage | undefined)[];
}

interface OpenCall {
  id: string;
  place: number;
  turn: PairedTurn;
}

/**
 * Pairs calls with results by id, each call once. Results that belong to no call are left out; with `late` a result may also come
 * after a later reply. Of calls with the same id the first of the latest reply is answered.
 */
export function pairedTurns(messages: readonly Message[], { late }: { late: boolean }): PairedTurn[] {
  const turns: PairedTurn[] = [];
  let open: OpenCall[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') {
      const calls = message.tool_calls ?? [];
      const turn: PairedTurn = { message, calls, results: calls.map(() => undefined) };
      turns.push(turn);
      open = [...(late ? open : []), ...calls.map(({ id }, place) => ({ id, place, turn }))];
    } else if (message.role === 'tool') {
      const latest = open.findLast(({ id }) => id === message.tool_call_id);
      if (latest === undefined) continue;
      const at = open.findIndex(({ id, turn }) => id === latest.id && turn === latest.turn);
      const [answered] = open.splice(at, 1);
      if (answered !== undefined) answered.turn.results[answered.place] = message;
    }
  }
  return turns;
}
