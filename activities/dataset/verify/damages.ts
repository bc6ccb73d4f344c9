import type { Damage } from '../../../schemas/release-check.ts';

/** Told one by one; a shard of other rows would have thousands. */
const mostTold = 200;

const again = 'build the release again, or copy it again from where it is whole';
const hints: Record<Damage['code'], string> = {
  bad_manifest: again,
  missing_file: again,
  extra_file: 'remove it, or give the folder of the release alone',
  wrong_size: again,
  wrong_hash: again,
  unreadable_file: again,
  unreadable_row: again,
  not_utf8: again,
  wrong_schema: again,
  wrong_statistics: 'readers that skip by statistics miss rows: build the release again',
  wrong_number: 'trust the rows rather than the number, and build the release again',
  wrong_order: again,
  wrong_place: again,
  duplicate_row: again,
  unknown_row: 'it did not come from this ledger: do not train on it; build the release again',
  missing_row: again,
  changed_row: 'it is not the row that was judged: do not train on it; build the release again',
  bad_ledger_entry: again,
  wrong_card: 'trust the rows rather than the card, and build the release again',
};

/** All that is wrong with a release: counted, and the first ones told. */
export class Damages {
  readonly told: Damage[] = [];
  count = 0;

  add(code: Damage['code'], file: string, message: string, row: number | null = null): void {
    this.count += 1;
    if (this.told.length < mostTold) this.told.push({ code, file, row, message, hint: hints[code] });
  }
}
