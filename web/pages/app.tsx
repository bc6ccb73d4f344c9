import { useLayoutEffect, useState } from 'preact/hooks';
import { address } from './address.ts';
import { pageAt } from './routes.tsx';
import { loadSite } from './shell/load-site.ts';
import { Shell } from './shell/shell.tsx';
import { site } from './shell/site.ts';
import './parts/parts.css';

/** The page: what stands at the address that the reader is at. */
export function App() {
  const [problem, setProblem] = useState<string>();
  useLayoutEffect(() => void loadSite(setProblem), []);
  if (site.value === undefined) {
    return (
      <main>
        <h1>Tracemill</h1>
        {problem === undefined ? <p aria-busy="true">Loading…</p> : <p role="alert">Nothing came: {problem}. It is tried again.</p>}
      </main>
    );
  }
  return <Shell site={site.value}>{pageAt(address.value.segments, site.value)}</Shell>;
}
