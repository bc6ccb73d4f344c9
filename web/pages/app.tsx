import type { Site } from '../../schemas/site.ts';
import { useEffect, useState } from 'preact/hooks';
import { address } from './address.ts';
import { fetchJson } from './fetch-json.ts';

/** The page: what stands at the address that the reader is at. */
export function App() {
  const [site, setSite] = useState<Site>();
  useEffect(() => {
    void fetchJson<Site>('site.json').then((answer) => answer !== null && setSite(answer.data));
  }, []);
  if (site === undefined) return <main aria-busy="true">Loading…</main>;
  return (
    <main>
      <h1>{site.title}</h1>
      <p>{address.value.segments.join(' / ')}</p>
    </main>
  );
}
