import { computed, signal } from '@preact/signals';
import type { FindReply, FindRequest, Hit } from '../text/find-messages.ts';
import type { RunStore } from './run-store.ts';

/** Looks for a text in a whole run, in a thread beside the page, and steps through what it finds. */
export class Finder {
  readonly open = signal(false);
  readonly wanted = signal('');
  readonly hits = signal<readonly Hit[]>([]);
  readonly at = signal(-1);
  readonly progress = signal<{ done: number; of: number; failed: string | null; more: boolean } | null>(null);
  /** The hit that the reader is at. */
  readonly current = computed(() => this.hits.value[this.at.value]);
  readonly #store: RunStore;
  readonly #show: (seq: number, part: number) => void;
  #worker: Worker | undefined;
  #number = 0;
  #from = 0;

  constructor(store: RunStore, show: (seq: number, part: number) => void) {
    this.#store = store;
    this.#show = show;
  }

  /** Begins anew, at the turn where the reader is. */
  find(wanted: string, seq: number): void {
    this.wanted.value = wanted;
    this.hits.value = [];
    this.at.value = -1;
    this.progress.value = null;
    this.#from = seq;
    this.#number += 1;
    const chunks = this.#store.head.value?.chunks ?? 0;
    if (wanted === '' || chunks === 0) return;
    this.progress.value = { done: 0, of: chunks, failed: null, more: false };
    const base = new URL(`data/${this.#store.path}`, location.href.replace(/#.*$/, '')).href;
    const first = this.#store.entry(seq)?.chunk ?? 0;
    const request: FindRequest = { number: this.#number, base, chunks, first, wanted };
    this.#thread().postMessage(request);
  }

  /** The next hit, or the one before; round at the ends. */
  step(forward: boolean): void {
    const count = this.hits.value.length;
    if (count === 0) return;
    this.at.value = (this.at.value + (forward ? 1 : -1) + count) % count;
    const hit = this.current.value;
    if (hit !== undefined) this.#show(hit.seq, hit.part);
  }

  /** `3 of 17`; `3 of ≥17` while the search goes on or hits are left out. */
  text(): string {
    const progress = this.progress.value;
    const count = this.hits.value.length;
    if (progress === null) return '';
    const whole = progress.done >= progress.of && !progress.more && progress.failed === null;
    const failed = progress.failed === null ? '' : `; not all looked through: ${progress.failed}`;
    if (count === 0) return (whole ? 'nothing found' : progress.done >= progress.of ? 'nothing found' : 'looking…') + failed;
    return `${this.at.value + 1} of ${whole ? '' : '≥'}${count}${failed}`;
  }

  close(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
    this.open.value = false;
    this.#number += 1;
    this.find('', 0);
  }

  #thread(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker('workers/find.js', { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<FindReply>) => this.#take(data));
    this.#worker = worker;
    return worker;
  }

  #take({ number, hits, done, of, failed, more }: FindReply): void {
    if (number !== this.#number) return;
    const here = this.current.value;
    const all = hits.length === 0 ? this.hits.value : [...this.hits.value, ...hits].sort(byPlace);
    this.hits.value = all;
    this.progress.value = { done, of, failed, more };
    if (here !== undefined) {
      this.at.value = all.indexOf(here);
      return;
    }
    if (all.length === 0) return;
    const next = all.findIndex(({ seq }) => seq >= this.#from);
    this.at.value = next === -1 ? 0 : next;
    const hit = this.current.value;
    if (hit !== undefined) this.#show(hit.seq, hit.part);
  }
}

function byPlace(a: Hit, b: Hit): number {
  return a.seq - b.seq || a.part - b.part || a.start - b.start;
}
