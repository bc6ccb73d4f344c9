import { IdTable } from './id-table.ts';

/** What a row has to be, by the ledger. */
export interface LedgerRow {
  id: string;
  line: number;
  folder: string;
  sha256: string | null;
  /** Of its instance, repository, licence, language and so on, in the words of the row. */
  facts: RowValues;
}

export interface RowValues {
  instance_id: string;
  repo: string;
  license: string;
  language: string;
  resolved: number;
  hf_dataset_name: string;
  model: string;
  thinks: boolean;
  git_hack_attempted: boolean;
}

const texts = ['folder', 'instance_id', 'repo', 'license', 'language', 'hf_dataset_name', 'model'] as const;
const flag = { hashed: 1, seen: 2, thinks: 4, gitHack: 8 } as const;
/** Places of a record: sha256, line, number of each text, verdict + 1, flags. */
const at = { sha256: 0, line: 32, texts: 36, resolved: 36 + texts.length * 4, flags: 37 + texts.length * 4, end: 38 + texts.length * 4 };

/** The rows that a release has to have, by id: some ninety bytes each, since there may be hundreds of thousands. */
export class LedgerRows {
  readonly #ids = new IdTable();
  readonly #names = new Names();
  #records = Buffer.alloc(64 * at.end);

  /** A row with an id that was there before takes its place. */
  set({ id, line, folder, sha256, facts }: LedgerRow): void {
    const from = this.#ids.numberOf(id) * at.end;
    if (from >= this.#records.length) this.#records = Buffer.concat([this.#records, Buffer.alloc(this.#records.length)]);
    const record = this.#records;
    if (sha256 !== null) record.write(sha256, from + at.sha256, 'hex');
    record.writeUInt32LE(line, from + at.line);
    const named = { ...facts, folder };
    for (const [index, text] of texts.entries()) record.writeUInt32LE(this.#names.numberOf(named[text]), from + at.texts + index * 4);
    record[from + at.resolved] = facts.resolved + 1;
    record[from + at.flags] =
      (sha256 === null ? 0 : flag.hashed) + (facts.thinks ? flag.thinks : 0) + (facts.git_hack_attempted ? flag.gitHack : 0);
  }

  get(id: string): LedgerRow | undefined {
    const number = this.#ids.find(id);
    return number === undefined ? undefined : this.#row(number);
  }

  /** Notes that a row with this id was there. Returns whether that was so before. */
  see(id: string): boolean {
    const from = (this.#ids.find(id) ?? -1) * at.end;
    if (from < 0) return false;
    const flags = this.#records[from + at.flags] ?? 0;
    this.#records[from + at.flags] = flags | flag.seen;
    return (flags & flag.seen) !== 0;
  }

  /** Rows that were not there, in the order of the ledger. */
  *unseen(): Generator<LedgerRow> {
    for (let number = 0; number < this.#ids.length; number += 1) {
      if (((this.#records[number * at.end + at.flags] ?? 0) & flag.seen) === 0) yield this.#row(number);
    }
  }

  #row(number: number): LedgerRow {
    const from = number * at.end;
    const record = this.#records;
    const flags = record[from + at.flags] ?? 0;
    const text = (name: (typeof texts)[number]) => this.#names.name(record.readUInt32LE(from + at.texts + texts.indexOf(name) * 4));
    return {
      id: this.#ids.id(number),
      line: record.readUInt32LE(from + at.line),
      folder: text('folder'),
      sha256: (flags & flag.hashed) === 0 ? null : record.toString('hex', from + at.sha256, from + at.sha256 + 32),
      facts: {
        instance_id: text('instance_id'),
        repo: text('repo'),
        license: text('license'),
        language: text('language'),
        resolved: (record[from + at.resolved] ?? 0) - 1,
        hf_dataset_name: text('hf_dataset_name'),
        model: text('model'),
        thinks: (flags & flag.thinks) !== 0,
        git_hack_attempted: (flags & flag.gitHack) !== 0,
      },
    };
  }
}

/** Why rows are not in a release, by id. */
export class LeftOutRows {
  readonly #ids = new IdTable();
  readonly #names = new Names();
  readonly #reasons: number[] = [];

  set(id: string, reason: string): void {
    this.#reasons[this.#ids.numberOf(id)] = this.#names.numberOf(reason);
  }

  get(id: string): string | undefined {
    const number = this.#ids.find(id);
    return number === undefined ? undefined : this.#names.name(this.#reasons[number] ?? 0);
  }
}

/** Texts that many rows share, each once. */
class Names {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#names.length);
    return this.#names.push(name) - 1;
  }

  name(number: number): string {
    return this.#names[number] ?? '';
  }
}
