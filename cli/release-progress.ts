import type { ReleaseProgress } from '../schemas/release-progress.ts';
import { ProgressLine } from './progress-line.ts';

/** How far the build of a release is. */
export function progressText({ phase, rows, written, checked, shards, shards_done }: ReleaseProgress): string {
  switch (phase) {
    case 'waiting':
      return 'waiting for another build of this release';
    case 'comparing':
      return 'comparing the rows of each task';
    case 'planning':
      return 'planning shards';
    case 'writing':
      return `${written} of ${rows} rows written, ${checked} checked, ${shards_done} of ${shards} shards done`;
    case 'finishing':
      return 'writing ledger, card and manifest';
  }
}

/** Tells on standard error how far it is when a release is made of others. */
export class DerivedProgress {
  readonly #line: ProgressLine;
  readonly show = (progress: ReleaseProgress) => this.#line.show(() => derivedText(progress));

  constructor(quiet: boolean) {
    this.#line = new ProgressLine(quiet);
  }

  end(): void {
    this.#line.end();
  }
}

function derivedText(progress: ReleaseProgress): string {
  if (progress.phase === 'comparing') return `${progress.checked} of ${progress.rows} rows compared with each other`;
  return progressText(progress);
}
