interface PairedMessage {
  role: string;
  tool_call_id?: unknown;
}

/** A reply with the results of its calls, one a call in their order; undefined for a call that none answers. */
export interface PairedTurn<Message> {
  message: Message;
  results: (Message | undefined)[];
}

export interface Pairing<Message> {
  /** Ids of a reply's calls in their order, undefined for a call that has none. */
  callIds: (reply: Message) => readonly unknown[];
  /** Whether a result without the id of an open call answers the first of them, as where calls have no ids. */
  byOrder: boolean;
  /** Whether users' messages are results as well, as where actions stand in the text of replies. */
  fromUser: boolean;
}

/**
 * Pairs calls with results: by id, each call once, and only between its reply and the next one. Results that belong to
 * no call are left out.
 */
export function pairedTurns<Message extends PairedMessage>(
  messages: readonly Message[],
  { callIds, byOrder, fromUser }: Pairing<Message>,
): PairedTurn<Message>[] {
  const turns: PairedTurn<Message>[] = [];
  let results: (Message | undefined)[] = [];
  let open: { id: unknown; place: number }[] = [];
  for (const message of messages) {
    if (message.role === 'assistant') {
      open = callIds(message).map((id, place) => ({ id, place }));
      results = open.map(() => undefined);
      turns.push({ message, results });
    } else if (message.role === 'tool' || (fromUser && message.role === 'user')) {
      const named = message.tool_call_id ?? undefined;
      const at = named === undefined ? -1 : open.findIndex(({ id }) => id === named);
      const [answered] = at === -1 && !byOrder ? [] : open.splice(Math.max(at, 0), 1);
      if (answered !== undefined) results[answered.place] = message;
    }
  }
  return turns;
}
