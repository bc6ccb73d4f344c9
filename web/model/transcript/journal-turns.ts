import type { JournalEntry, JournalEntryOf } from '../../../schemas/journal-entry.ts';
import { callPart, spokenParts } from './message-turns.ts';
import { type RawPart, type RawTurn, textPart } from './raw-turn.ts';

/** What an entry of a journal does to a transcript. */
export type JournalStep = { kind: 'add' | 'replace_last'; turn: RawTurn } | { kind: 'restart' };

/**
 * Reads a journal entry by entry while it grows. An exchange is a new turn; results of actions fill the last one, which is
 * then given again, whole. A journal that began anew starts over: `restart`.
 */
export class JournalTurns {
  #last: RawTurn | null = null;
  #results = 0;
  #begun = false;

  take(entry: JournalEntry): JournalStep[] {
    switch (entry.type) {
      case 'begin': {
        const again = this.#begun;
        this.#begun = true;
        this.#last = null;
        return again ? [{ kind: 'restart' }] : [];
      }
      case 'exchange':
        return [this.#add(turnOf(entry))];
      case 'observation':
        return [this.#result(entry)];
      case 'model_ended':
        return [this.#add(note(entry.at, entry.kind, entry.detail, true))];
      case 'patch':
        return [this.#add({ ...note(entry.at, '', '', null), kind: 'patch', parts: [textPart('patch', '', entry.model_patch, 'diff')] })];
      case 'note':
        return [this.#add(note(entry.at, entry.event, entry.detail, null))];
      case 'trajectory':
        return [];
    }
  }

  #add(turn: RawTurn): JournalStep {
    this.#last = turn;
    this.#results = 0;
    return { kind: 'add', turn };
  }

  /** The result of the next call of the last turn: actions run in the order of the calls. */
  #result({ at, result, turn }: JournalEntryOf<'observation'>): JournalStep {
    const part: RawPart = {
      ...textPart('result', '', result.output, 'ansi'),
      name: result.limit === null ? '' : `${result.limit} limit`,
      exit_code: result.exit_code,
      failed: result.status !== 'exited' ? result.status !== 'running' : result.exit_code !== 0,
      duration_ms: result.duration_ms,
    };
    if (this.#last?.turn !== turn) {
      return this.#add({ ...note(at, '', '', null), kind: 'turn', turn, parts: [part] });
    }
    const parts = [...this.#last.parts];
    const calls = parts.flatMap((present, index) => (present.kind === 'call' ? [index] : []));
    const call = calls[this.#results];
    parts.splice(call === undefined ? parts.length : call + 1, 0, part);
    this.#results += 1;
    this.#last = { ...this.#last, parts };
    return { kind: 'replace_last', turn: this.#last };
  }
}

function turnOf({ at, turn, reply, usage, latency_ms }: JournalEntryOf<'exchange'>): RawTurn {
  return {
    kind: 'turn',
    turn,
    at,
    prompt_tokens: usage.prompt_tokens,
    completion_tokens: usage.completion_tokens,
    latency_ms,
    parts: [...spokenParts(reply.reasoning_content, reply.content), ...reply.tool_calls.map(callPart)],
  };
}

function note(at: number, name: string, detail: string, failed: boolean | null): RawTurn {
  const parts: RawPart[] = [{ ...textPart('note', name, detail), failed }];
  return { kind: 'note', turn: null, at, prompt_tokens: null, completion_tokens: null, latency_ms: null, parts };
}
