import { posix } from 'node:path';

const mostKept = 1_000;
const longestChain = 6;

/** Which files and folders are copies, links or packed forms of which: by the paths under which they are reached. */
export class Origins {
  readonly #origins = new Map<string, string[]>();

  get size(): number {
    return this.#origins.size;
  }

  /** What stands at `target` from now on is what stands, or stood, at `sources`. */
  copied(target: string, sources: readonly string[]): void {
    if (sources.length === 0 || this.#origins.size >= mostKept) return;
    this.#origins.set(withoutSlash(target), sources.map(withoutSlash));
  }

  /** Something of its own stands there now. */
  replaced(target: string): void {
    this.#origins.delete(withoutSlash(target));
  }

  /** Where a path leads through all copies and links; undefined for one that is itself. */
  of(path: string): string[] | undefined {
    let paths = [withoutSlash(path)];
    let followed = false;
    for (let step = 0; step < longestChain; step += 1) {
      const next = paths.flatMap((one) => this.#once(one) ?? [one]).slice(0, 16);
      if (next.join('\0') === paths.join('\0')) break;
      followed = true;
      paths = next;
    }
    return followed ? paths : undefined;
  }

  #once(path: string): string[] | undefined {
    for (let place = path; place !== '' && place !== '.' && place !== '/'; place = posix.dirname(place)) {
      const sources = this.#origins.get(place);
      if (sources !== undefined) return sources.map((source) => `${source}${path.slice(place.length)}`);
    }
    return undefined;
  }
}

function withoutSlash(path: string): string {
  const plain = posix.normalize(path).replace(/\/$/, '');
  return plain === '' ? '/' : plain;
}
