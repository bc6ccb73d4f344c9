import { address, addressOf } from '../address.ts';
import { Page } from '../shell/page.tsx';
import { Siblings } from './siblings.tsx';

/** Rollouts that the reader picked in a list, side by side. */
export function ComparePage() {
  const { query } = address.value;
  const collection = query.get('c') ?? '';
  const rows = query.getAll('row').slice(0, 8);
  return (
    <Page title={`${rows.length} rollouts side by side`}>
      <p>
        <a href={addressOf(['c', collection])}>To the list</a>
      </p>
      {rows.length < 2 ? <p>Pick at least two rows in a list to compare them.</p> : <Siblings collection={collection} rows={rows} />}
    </Page>
  );
}
