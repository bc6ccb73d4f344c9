import type { Conversation, TokenCounts } from '../../rendering/conversation.ts';
import type { Mode } from '../../../schemas/names.ts';

/** A row that goes into a file. */
export interface LearnedRow {
  instance_id: string;
  trajectory_id: string;
  harness: string;
  teacher: string;
  /** Its messages carry the trigger of the mode. */
  conversation: Conversation;
  /** The text of each reply as the chat template shows it, without the token that ends it. */
  replies: readonly string[];
  counts: TokenCounts;
}

/** Takes the rows of one file and gives its bytes as they become ready. */
export interface FileEncoder {
  add(row: LearnedRow): readonly Uint8Array[];
  end(): readonly Uint8Array[];
}

/** A form of training files: a value that knows nothing of releases, limits or counting. */
export interface Profile {
  /** Of its files, with the dot. */
  suffix: string;
  /** What it is for, in a line of the help. */
  describes: string;
  open(): Promise<FileEncoder>;
}

/** Columns beside the conversation, in every form that allows them. */
export function factsOf({ instance_id, trajectory_id, conversation: { mode }, counts }: LearnedRow): {
  instance_id: string;
  trajectory_id: string;
  mode: Mode;
  enable_thinking: boolean;
  n_tokens: number;
  n_trained_tokens: number;
} {
  const { tokens: n_tokens, trained_tokens: n_trained_tokens } = counts;
  return { instance_id, trajectory_id, mode, enable_thinking: mode === 'think', n_tokens, n_trained_tokens };
}

/**
 * Signs inside a JSON string that Python's `splitlines` takes for the end of a line, as NeMo AutoModel does when it reads the
 * file. Those below U+0020 are escaped in JSON anyway.
 */
const lineEnds = /[\u0085\u2028\u2029]/g;

/** A profile with one JSON document a line. */
export function jsonLines(describes: string, line: (row: LearnedRow) => string): Profile {
  const oneLine = (row: LearnedRow) => line(row).replaceAll(lineEnds, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const encoder: FileEncoder = { add: (row) => [Buffer.from(`${oneLine(row)}\n`)], end: () => [] };
  return { suffix: '.jsonl', describes, open: async () => encoder };
}
