import type { IngestedFormat, IngestedTrajectory, Loss } from '../../schemas/ingested.ts';
import type { Place } from '../../schemas/place.ts';
import type { Message } from '../../schemas/message.ts';
import { Problem } from '../../schemas/problem.ts';
import { unifyMessages } from './unify-messages.ts';
import type { LooseMessage } from './loose-message.ts';
import { isAct } from './closing-calls.ts';
import { readMessages } from './message-list.ts';
import { readSpoken } from './spoken/read-spoken.ts';
import type { Oddities } from './oddities.ts';

/** Where a record comes from. */
export interface Origin {
  /** The file as the user named it, since some facts are only in its path. */
  path: string;
  place: Place;
  /** An id for trajectories that have none of their own: file name and line or row. */
  fallbackId: string;
  /** The file ended early and what came before is given. */
  cut: boolean;
  /** What was odd about its bytes. */
  notes?: readonly string[];
  /** Parts of the file that could not be read, where several parts are one record. */
  lost?: readonly Omit<Loss, 'message'>[];
}

/** What a format found; all that is left out is unknown. */
export type Draft = Pick<IngestedTrajectory, 'messages'> &
  Partial<Omit<IngestedTrajectory, 'reported' | 'lost' | 'place'>> & { oddities: Oddities };

/** A format that comes as one JSON value or Parquet row a trajectory. */
export interface RecordFormat {
  id: IngestedFormat;
  /** Whether a parsed record is of this format; the more particular formats are asked first. */
  detect: (value: unknown) => boolean;
  /**
   * Of a format that is also written one event a line: whether the first lines of a file are such. All lines are then read as one
   * value, a list, which `detect` knows too.
   */
  detectLines?: (first: readonly unknown[]) => boolean;
  /** Records that one value holds, each to be read by itself, so that one that cannot be read leaves the others. */
  parts?: (value: unknown) => unknown[];
  /** Usually one trajectory; more where a record holds several attempts. Throws `Problem` when it holds none. */
  read: (value: unknown, origin: Origin) => Draft[];
}

/** What is read of a folder on disk to recognise its format. */
export interface FolderSample {
  path: string;
  /** Names of the files in it, sorted. */
  files: string[];
  /** The first bytes of one of them as text. */
  head: (name: string) => string;
}

/** A format that spreads one trajectory over the files of a folder. */
export interface FolderFormat {
  id: IngestedFormat;
  detect: (folder: FolderSample) => boolean;
  read: (folder: FolderSample, origin: Origin) => Promise<Draft>;
}

/** A list of messages as one conversation, with the calls that stand in texts. Throws as {@link unifiedMessages} does. */
export function conversation(list: unknown[], oddities: Oddities): Message[] {
  return unifiedMessages(readSpoken(readMessages(list, oddities)), oddities);
}

/** The conversation, or `Problem` empty_trajectory: without an assistant there is nothing to read. */
export function unifiedMessages(loose: LooseMessage[], oddities: Oddities): Message[] {
  if (loose.length === 0) {
    throw new Problem('empty_trajectory', 'there is no message in it', { hint: 'the run may have ended before it began' });
  }
  if (!loose.some(({ role }) => role === 'assistant')) {
    throw new Problem('empty_trajectory', 'there is no message of an assistant in it', {
      hint: 'the run may have ended before its first turn',
    });
  }
  const messages = unifyMessages(loose, oddities);
  suspectSilence(messages, oddities);
  return messages;
}

/** Signs of code, tags or tokens, in which calls may hide. */
const codeOrTags = /```|<\/?[a-z_|][^<]*>|^[ \t]*[{[]|^[ \t]*\$ /im;

/** An agent that never does anything is rather one whose calls were not understood. */
function suspectSilence(messages: Message[], oddities: Oddities): void {
  const replies = messages.filter((message) => message.role === 'assistant');
  if (replies.length < 2 || replies.some(({ tool_calls = [] }) => tool_calls.some((call) => isAct(call.function)))) return;
  const suspect = replies.filter(({ content }) => codeOrTags.test(content)).length;
  if (suspect > 0)
    oddities.lose('call', `no reply has a call that does anything, although ${suspect} of ${replies.length} hold code or tags`);
}
