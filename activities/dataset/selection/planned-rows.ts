import type { ArtifactRef } from '../../../schemas/artifact-ref.ts';
import { Resolved } from '../../../schemas/verdict.ts';

/** A row of a release as the plan knows it. */
export interface PlannedRow {
  id: string;
  trajectory: ArtifactRef;
  task: ArtifactRef;
  resolved: Resolved;
  git_hack_attempted: boolean;
  /** Whether its filters found nothing of what is replaced. */
  clean: boolean;
}

/** Where the parts of a row stand in its record, and how many bytes a record has. */
const at = { id: 0, trajectory: 16, task: 56, hash: 96, flags: 128, types: 129, end: 131 } as const;
const flag = { gitHack: 4, clean: 8, hashed: 16 } as const;

/**
 * Rows of one folder of a release, sorted by id: 131 bytes each. A release may have hundreds of thousands of them; as objects they would
 * take a kilobyte each.
 */
export class PlannedRows {
  #records = Buffer.alloc(64 * at.end);
  /** Types of artifacts; there are one or two. */
  readonly #types: string[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add({ id, trajectory, task, resolved, git_hack_attempted, clean }: PlannedRow): void {
    const from = this.#length * at.end;
    if (from === this.#records.length) this.#records = Buffer.concat([this.#records, Buffer.alloc(from)]);
    this.#records.write(id.replaceAll('-', ''), from + at.id, 'hex');
    this.#addRef(from + at.trajectory, from + at.types, trajectory);
    this.#addRef(from + at.task, from + at.types + 1, task);
    const flags = resolved + 1 + (git_hack_attempted ? flag.gitHack : 0) + (clean ? flag.clean : 0);
    this.#records[from + at.flags] = flags;
    this.#length += 1;
  }

  row(index: number): PlannedRow {
    const from = this.#from(index);
    const flags = this.#records[from + at.flags] ?? 0;
    return {
      id: this.id(index),
      trajectory: this.#ref(from + at.trajectory, from + at.types),
      task: this.#ref(from + at.task, from + at.types + 1),
      resolved: Resolved.parse((flags & 3) - 1),
      git_hack_attempted: (flags & flag.gitHack) !== 0,
      clean: (flags & flag.clean) !== 0,
    };
  }

  id(index: number): string {
    const from = this.#from(index) + at.id;
    const hex = this.#records.toString('hex', from, from + 16);
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  /** Bytes of its trajectory and task in the store. */
  bytes(index: number): number {
    const from = this.#from(index);
    return this.#records.readDoubleLE(from + at.trajectory + 32) + this.#records.readDoubleLE(from + at.task + 32);
  }

  /** Keeps the sha256 of the row that was made. */
  setHash(index: number, sha256: string): void {
    const from = this.#from(index);
    this.#records.write(sha256, from + at.hash, 'hex');
    this.#records[from + at.flags] = (this.#records[from + at.flags] ?? 0) | flag.hashed;
  }

  /** Null for an id that is not among the rows, or whose row was not made. */
  hashOf(id: string): string | null {
    const wanted = Buffer.from(id.replaceAll('-', ''), 'hex');
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const from = middle * at.end;
      const order = wanted.compare(this.#records, from, from + 16);
      if (order === 0) {
        const isMade = ((this.#records[from + at.flags] ?? 0) & flag.hashed) !== 0;
        return isMade ? this.#records.toString('hex', from + at.hash, from + at.hash + 32) : null;
      }
      if (order < 0) high = middle;
      else low = middle + 1;
    }
    return null;
  }

  #from(index: number): number {
    if (index < 0 || index >= this.#length) throw new RangeError(`no row ${index}`);
    return index * at.end;
  }

  #addRef(from: number, type: number, ref: ArtifactRef): void {
    this.#records.write(ref.sha256, from, 'hex');
    this.#records.writeDoubleLE(ref.size_bytes, from + 32);
    if (!this.#types.includes(ref.content_type)) this.#types.push(ref.content_type);
    this.#records[type] = this.#types.indexOf(ref.content_type);
  }

  #ref(from: number, type: number): ArtifactRef {
    return {
      sha256: this.#records.toString('hex', from, from + 32),
      size_bytes: this.#records.readDoubleLE(from + 32),
      content_type: this.#types[this.#records[type] ?? 0] ?? '',
    };
  }
}
