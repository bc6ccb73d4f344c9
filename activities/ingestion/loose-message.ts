import type { Loss } from '../../schemas/ingested.ts';

/** A call before ids are settled. */
export interface LooseCall {
  id: string | null;
  name: string;
  /** As the model wrote them, also where they are no JSON. */
  arguments: string;
}

/** What could not be read of a message; its place is added where messages are put together. */
export type LooseLoss = Omit<Loss, 'message'>;

/** A message before calls and results are paired: what every format is brought to first. */
export interface LooseMessage {
  role: 'system' | 'user' | 'assistant' | 'tool';
  content: string;
  /** Empty when there is none. */
  reasoning: string;
  calls: LooseCall[];
  /** Of a result: the id of its call, where the file names one. */
  answers: string | null;
  /** Of a result: the name of the tool, where the file says it. */
  tool: string | null;
  /** Parts that are no text, such as images: they are left out. */
  dropped: string[];
  lost: LooseLoss[];
  /** Of a reply: a command in a field of its own beside the text, which some harnesses run. */
  aside: string | null;
  /** It is a piece of a reply that comes as several items. */
  piece: boolean;
}

export function looseMessage(
  role: LooseMessage['role'],
  content: string,
  {
    reasoning = '',
    calls = [],
    answers = null,
    tool = null,
    dropped = [],
    lost = [],
    piece = false,
    aside = null,
  }: Partial<LooseMessage> = {},
): LooseMessage {
  return { role, content, reasoning, calls, answers, tool, dropped, lost, piece, aside };
}
