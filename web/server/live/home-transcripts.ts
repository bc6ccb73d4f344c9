import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ArtifactStore, getJson } from '../../../activities/artifacts/store.ts';
import { journalPath } from '../../../activities/journal/journal.ts';
import type { FoundRollout, Ledger } from '../../../activities/ledger/ledger.ts';
import type { TaskRecord } from '../../../schemas/ledger-record.ts';
import type { Message } from '../../../schemas/message.ts';
import { messageOf } from '../../../schemas/problem.ts';
import { rolloutId } from '../../../schemas/rollout-id.ts';
import { Task } from '../../../schemas/task.ts';
import { Trajectory } from '../../../schemas/trajectory.ts';
import { Verdict } from '../../../schemas/verdict.ts';
import { turnsOfMessages } from '../../model/transcript/message-turns.ts';
import { type RawPart, type RawTurn, textPart } from '../../model/transcript/raw-turn.ts';
import { TranscriptFolders, type TranscriptParts } from '../files/transcript-folder.ts';
import type { TranscriptSource } from '../view-source.ts';
import { LiveTranscript, turnsOfJournal } from './live-transcript.ts';
import { aboutRollout } from './rollout-head.ts';

/** Running rollouts whose transcripts are kept at the same time. */
const mostLive = 200;

interface Home {
  ledger: Ledger;
  store: ArtifactStore;
  journals: string;
  /** For transcripts, while the server runs. */
  folder: string;
}

/**
 * Transcripts of the rollouts of a home. One that goes on is read from its journal; one that was decided has findings, verdict
 * and decisions beside the same turns under the same numbers. Without a journal here, the trajectory in the store tells.
 */
export class HomeTranscripts {
  readonly #home: Home;
  readonly #finished: TranscriptFolders;
  readonly #live = new Map<string, LiveTranscript>();
  #next = 0;

  constructor(home: Home) {
    this.#home = home;
    this.#finished = new TranscriptFolders(join(home.folder, 'finished'));
  }

  /** Undefined for a rollout that was never planned; `id` is looked up, whatever it holds. */
  async get(campaign: string, id: string): Promise<TranscriptSource | undefined> {
    const found = await this.#home.ledger.plannedRollout(id);
    if (found === null || found.rollout.key.campaign !== campaign) return undefined;
    const task = await this.#home.ledger.task(campaign, found.rollout.key.instance_id);
    const { entry } = found;
    if (entry === null) return await this.#running(found, task);
    await this.#forget(id);
    const number = (await this.#home.ledger.revisions(entry.id)).length;
    return await this.#finished.get(`${entry.id} ${number}`, async () => await this.#parts(found, task, String(number)));
  }

  async #running(found: FoundRollout, task: TaskRecord | null): Promise<TranscriptSource> {
    const { key } = found.rollout;
    const id = rolloutId(key);
    const path = journalPath(this.#home.journals, key);
    const known = this.#live.get(id) ?? new LiveTranscript(join(this.#home.folder, `live-${this.#next++}`), path, await this.#asked(task));
    this.#live.delete(id);
    this.#live.set(id, known);
    const [oldest] = this.#live.keys();
    if (this.#live.size > mostLive && oldest !== undefined) await this.#forget(oldest);
    await known.refresh();
    const unread = existsSync(path) ? [] : ['it has no journal on this machine: it has not begun, or it runs on another host'];
    const state = task?.state ?? 'planned';
    const about = aboutRollout(found, {
      task,
      verdict: null,
      patch: null,
      open: state === 'planned' || state === 'done',
      version: `j${known.version}`,
      unread,
      seqOfTurn: () => null,
    });
    return {
      head: async () => known.head(about),
      index: async (page) => known.index(page),
      chunk: async (chunk) => await known.chunk(chunk),
      blob: async (blob) => known.blob(blob),
    };
  }

  async #forget(id: string): Promise<void> {
    const known = this.#live.get(id);
    this.#live.delete(id);
    await known?.close();
  }

  /** What the rollout is about, as long as its own prompts are not known: they stand in the trajectory. */
  async #asked(task: TaskRecord | null): Promise<RawTurn> {
    if (task === null) return promptTurn([textPart('prompt', 'task', 'The task is not on record.')]);
    const text = await getJson(this.#home.store, task.task, Task).then(
      ({ problem_statement }) => problem_statement,
      (error: unknown) => `The task cannot be read: ${messageOf(error)}`,
    );
    return promptTurn([textPart('prompt', 'task', text, 'markdown')]);
  }

  async #parts(found: FoundRollout, task: TaskRecord | null, version: string): Promise<TranscriptParts> {
    const { entry } = found;
    const { store, journals } = this.#home;
    const unread: string[] = [];
    const read = async <T>(what: string, work: Promise<T> | undefined): Promise<T | null> => {
      try {
        return (await work) ?? null;
      } catch (error) {
        unread.push(`the ${what} cannot be read: ${messageOf(error)}`);
        return null;
      }
    };
    const trajectory = await read('trajectory', entry?.trajectory ? getJson(store, entry.trajectory, Trajectory) : undefined);
    const verdict = await read('verdict', entry?.verdict ? getJson(store, entry.verdict.ref, Verdict) : undefined);
    const path = journalPath(journals, found.rollout.key);
    const journal = existsSync(path) ? path : null;
    const first = trajectory === null ? await this.#asked(task) : promptTurn(leadingPrompts(trajectory.messages));
    const turns = journal !== null ? concat([first], turnsOfJournal(journal)) : turnsOfMessages(trajectory?.messages ?? []);
    if (journal === null && trajectory === null) unread.push('neither its journal nor a trajectory is here');
    const about = aboutRollout(found, {
      task,
      verdict,
      patch: null,
      open: false,
      version: `t${version}`,
      unread,
      seqOfTurn: seqOfTurns(journal !== null ? concat([first], turnsOfJournal(journal)) : turnsOfMessages(trajectory?.messages ?? [])),
    });
    const patch = trajectory === null || trajectory.model_patch === '' ? null : trajectory.model_patch;
    return { about: { ...about, patch }, findings: entry?.findings ?? [], turns };
  }
}

function* concat(first: readonly RawTurn[], second: Iterable<RawTurn>): Generator<RawTurn> {
  yield* first;
  yield* second;
}

function promptTurn(parts: RawPart[]): RawTurn {
  return { kind: 'prompt', turn: null, at: null, prompt_tokens: null, completion_tokens: null, latency_ms: null, parts };
}

/** All that stands before the first reply, as one turn. */
function leadingPrompts(messages: readonly Message[]): RawPart[] {
  const end = messages.findIndex(({ role }) => role === 'assistant');
  return messages
    .slice(0, end === -1 ? messages.length : end)
    .flatMap((message) => (message.role === 'assistant' ? [] : [textPart('prompt', message.role, message.content, 'markdown')]));
}

/** Where each turn of the harness stands in the transcript. */
function seqOfTurns(turns: Iterable<RawTurn>): (turn: number) => number | null {
  const places = new Map<number, number>();
  let seq = 0;
  for (const { turn } of turns) {
    if (turn !== null && !places.has(turn)) places.set(turn, seq);
    seq += 1;
  }
  return (turn) => places.get(turn) ?? null;
}
