import { signal } from '@preact/signals';
import type { TranscriptHead, TurnChunk, TurnIndex, TurnView } from '../../../schemas/transcript.ts';
import { mostBack } from '../../model/transcript/pack.ts';
import { fetchJson, NoAnswer } from '../fetch-json.ts';
import { ByteCache } from './byte-cache.ts';

/** Turns in one page of the index, as the schema says. */
const pageTurns = 5000;

/** Text of turns that is kept; a page of turns on the screen needs far less. */
const chunkBytes = 48 * 1024 * 1024;

/** How often an open rollout is asked for, and one whose page nobody sees; milliseconds. */
const pollMs = 2000;
const hiddenPollMs = 30_000;

/** Longest that a head waits for the turns that were asked for beside it; milliseconds. */
const togetherMs = 500;

/**
 * One run as its page knows it: head, and on demand pages of its index and chunks of its turns. Everything belongs to one
 * run: an answer that comes after `close` changes nothing.
 */
export class RunStore {
  /** Path of the run below `data/`, with `/` at its end. */
  readonly path: string;
  readonly head = signal<TranscriptHead | null>(null);
  /** Goes up when a chunk or page arrived. */
  readonly arrived = signal(0);
  /** When the run was read last, in milliseconds; and why the last try failed. */
  readonly readAt = signal(0);
  readonly failure = signal<string | null>(null);
  readonly missing = signal(false);
  readonly #stop = new AbortController();
  readonly #chunks = new ByteCache<TurnChunk>(chunkBytes);
  readonly #pages = new ByteCache<TurnIndex>(32 * 1024 * 1024);
  #polling = false;
  #etag: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(collection: string, row: string) {
    this.path = `c/${encodeURIComponent(collection)}/r/${encodeURIComponent(row)}/`;
  }

  /** Reads the head, and the beginning beside it; then again and again while the run is open. */
  open(): void {
    void this.#poll(Promise.all([this.page(0), this.chunk(0)]));
    document.addEventListener('visibilitychange', this.#seen);
  }

  close(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#seen);
  }

  /** Whether what is shown is older than three intervals. */
  isStale(now: number): boolean {
    return this.head.value?.open === true && now - this.readAt.value > 3 * (document.hidden ? hiddenPollMs : pollMs);
  }

  /** What the index says of a turn; undefined until its page is here, which is asked for. */
  entry(seq: number): { chunk: number; kind: TurnView['kind']; bytes: number; tokens: number; flags: number; at: number } | undefined {
    const number = Math.floor(seq / pageTurns);
    const page = this.#pages.get(number);
    if (page === undefined || seq - page.from >= page.count) {
      if (page === undefined) void this.page(number);
      return undefined;
    }
    const at = seq - page.from;
    const [chunk, kind, flags] = [page.chunk[at], page.kind[at], page.flags[at]];
    if (chunk === undefined || kind === undefined || flags === undefined) return undefined;
    return { chunk, kind, flags, bytes: page.bytes[at] ?? 0, tokens: page.tokens[at] ?? 0, at: page.at[at] ?? 0 };
  }

  /** A turn; undefined until its chunk is here, which is asked for. */
  turn(seq: number): TurnView | undefined {
    const number = this.entry(seq)?.chunk;
    if (number === undefined) return undefined;
    const chunk = this.#chunks.get(number);
    if (chunk === undefined) void this.chunk(number);
    const first = chunk?.turns[0]?.seq ?? 0;
    return chunk?.turns[seq - first];
  }

  async page(number: number): Promise<TurnIndex | undefined> {
    const load = async () => await this.#fetch<TurnIndex>(`index-${number}.json`, (page) => page.count * 60);
    return this.#told(await this.#pages.load(number, load));
  }

  async chunk(number: number): Promise<TurnChunk | undefined> {
    const load = async () => await this.#fetch<TurnChunk>(`chunk-${number}.json`, sizeOf);
    return this.#told(await this.#chunks.load(number, load));
  }

  /** Only what is kept already is told of: whoever draws again finds it. */
  #told<T>(value: T | undefined): T | undefined {
    if (value !== undefined && !this.#stop.signal.aborted) this.arrived.value += 1;
    return value;
  }

  /** The whole of a text that is shown cut. Throws `NoAnswer`. */
  async blob(id: string): Promise<string> {
    const response = await fetch(`data/${this.path}blob/${id}.txt`, { signal: this.#stop.signal });
    if (!response.ok) throw new NoAnswer(response.status, `the server answered ${response.status}`);
    return await response.text();
  }

  async #fetch<T>(name: string, size: (data: T) => number): Promise<{ value: T; bytes: number } | undefined> {
    try {
      const answer = await fetchJson<T>(this.path + name, { signal: this.#stop.signal });
      if (answer === null || this.#stop.signal.aborted) return undefined;
      return { value: answer.data, bytes: size(answer.data) };
    } catch (error) {
      if (this.#stop.signal.aborted || (error instanceof NoAnswer && error.status === 404)) return undefined;
      this.failure.value = `${name}: ${error instanceof Error ? error.message : 'not read'}`;
      setTimeout(() => {
        if (!this.#stop.signal.aborted) this.arrived.value += 1;
      }, pollMs);
      return undefined;
    }
  }

  /** Takes a newer head. The first one waits a moment for what it is drawn with: all is laid out once, and not three times. */
  async #poll(beside?: Promise<unknown>): Promise<void> {
    if (this.#polling) return;
    this.#polling = true;
    try {
      const answer = await fetchJson<TranscriptHead>(`${this.path}head.json`, {
        signal: this.#stop.signal,
        ...(this.#etag !== undefined && { etag: this.#etag }),
      });
      if (this.#stop.signal.aborted) return;
      if (answer !== null) {
        if (beside !== undefined) await Promise.race([beside, new Promise((then) => setTimeout(then, togetherMs))]);
        await this.#renew(answer.data);
        if (this.#stop.signal.aborted) return;
        this.#etag = answer.etag === '' ? undefined : answer.etag;
        this.head.value = answer.data;
      }
      this.readAt.value = Date.now();
      this.failure.value = null;
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      if (error instanceof NoAnswer && error.status === 404 && this.head.value === null) this.missing.value = true;
      this.failure.value = error instanceof Error ? error.message : 'not read';
    }
    this.#polling = false;
    if (this.head.value?.open !== false && !this.missing.value) this.#again();
  }

  /** What a longer run brings: the last page and chunk that were known, and those behind them. Earlier ones never change. */
  async #renew(next: TranscriptHead): Promise<void> {
    const known = this.head.value;
    if (known === null || known.version === next.version) return;
    if ((known.open && !next.open) || known.again !== next.again) {
      // Decided: earlier turns have gained findings. Begun again: there are others.
      this.#pages.clear();
      this.#chunks.clear();
      await Promise.all([this.page(0), this.chunk(0)]);
      return;
    }
    const lastPage = Math.max(0, Math.floor((known.turns - 1) / pageTurns));
    // A turn with notes behind it may have got its result.
    for (let page = Math.max(0, Math.floor((known.turns - 1 - mostBack) / pageTurns)); page <= lastPage; page += 1) this.#pages.drop(page);
    for (let chunk = Math.max(0, known.chunks - 1); chunk < next.chunks; chunk += 1) {
      const old = this.#chunks.get(chunk);
      const fetched = await this.#fetch<TurnChunk>(`chunk-${chunk}.json`, sizeOf);
      if (fetched !== undefined) this.#chunks.set(chunk, fetched.value, fetched.bytes);
      else if (old === undefined) break;
      if (chunk - known.chunks > 4) break;
    }
    await this.page(lastPage);
  }

  #again(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#poll(), document.hidden ? hiddenPollMs : pollMs);
  }

  readonly #seen = () => {
    if (!document.hidden && this.head.value?.open === true) void this.#poll();
  };
}

function sizeOf({ turns }: TurnChunk): number {
  return turns.reduce((sum, { parts }) => sum + parts.reduce((inner, { body }) => inner + bodyBytes(body), 200), 0);
}

function bodyBytes(body: TurnView['parts'][number]['body']): number {
  return 2 * ('blob' in body ? body.head.length + body.tail.length : body.text.length) + 200;
}
