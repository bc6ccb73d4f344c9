import { addressOf } from '../address.ts';
import { Page } from './page.tsx';

export function NotFound({ what }: { what: string }) {
  return (
    <Page title="Nothing is here">
      <p>{what}</p>
      <p>
        <a href={addressOf([])}>To the first page</a>
      </p>
    </Page>
  );
}
