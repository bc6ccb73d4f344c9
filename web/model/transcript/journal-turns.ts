import type { JournalEntry, JournalEntryOf } from '../../../schemas/journal-entry.ts';
import { callPart, spokenParts } from './message-turns.ts';
import { mostBack } from './pack.ts';
import { type RawPart, type RawTurn, textPart } from './raw-turn.ts';

/** What an entry of a journal does to a transcript; `back` counts the turns behind the one that is replaced. */
export type JournalStep = { kind: 'add'; turn: RawTurn } | { kind: 'replace'; turn: RawTurn; back: number } | { kind: 'restart' };

/**
 * Reads a journal entry by entry while it grows. An exchange is a new turn; results of actions fill the exchange of their
 * turn, which is then given again, whole, also when notes stand behind it: a container was made, a worker came back. A
 * journal that began anew starts over: `restart`.
 */
export class JournalTurns {
  /** What results fill, how many did, and the turns that came behind it. */
  #filled: { turn: RawTurn; results: number; back: number } | null = null;
  #begun = false;

  take(entry: JournalEntry): JournalStep[] {
    switch (entry.type) {
      case 'begin': {
        const again = this.#begun;
        this.#begun = true;
        this.#filled = null;
        return again ? [{ kind: 'restart' }] : [];
      }
      case 'exchange':
        return [this.#fill(turnOf(entry))];
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
    if (this.#filled !== null) this.#filled.back += 1;
    return { kind: 'add', turn };
  }

  #fill(turn: RawTurn): JournalStep {
    this.#filled = { turn, results: 0, back: 0 };
    return { kind: 'add', turn };
  }

  /** The result of the next call of its turn: actions run in the order of the calls. */
  #result({ at, result, turn }: JournalEntryOf<'observation'>): JournalStep {
    const part: RawPart = {
      ...textPart('result', '', result.output, 'ansi'),
      name: result.limit === null ? '' : `${result.limit} limit`,
      exit_code: result.exit_code,
      failed: result.status !== 'exited' ? result.status !== 'running' : result.exit_code !== 0,
      duration_ms: result.duration_ms,
    };
    const filled = this.#filled;
    if (filled === null || filled.turn.turn !== turn || filled.back > mostBack) {
      return this.#fill({ ...note(at, '', '', null), kind: 'turn', turn, parts: [part] });
    }
    const parts = [...filled.turn.parts];
    const calls = parts.flatMap((present, index) => (present.kind === 'call' ? [index] : []));
    const call = calls[filled.results];
    parts.splice(call === undefined ? parts.length : call + 1, 0, part);
    filled.results += 1;
    filled.turn = { ...filled.turn, parts };
    return { kind: 'replace', turn: filled.turn, back: filled.back };
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
