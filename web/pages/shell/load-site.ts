import type { Site } from '../../../schemas/site.ts';
import { fetchJson } from '../fetch-json.ts';
import { changeHeader } from '../post-json.ts';
import { site } from './site.ts';

/** Shows the token that stands behind the `#` of the printed address, and takes it away from there. */
async function openSession(): Promise<void> {
  const token = /^#token=(\S+)$/.exec(location.hash)?.[1];
  if (token === undefined) return;
  history.replaceState(null, '', '#/');
  dispatchEvent(new HashChangeEvent('hashchange'));
  const headers = { authorization: `Bearer ${decodeURIComponent(token)}`, [changeHeader]: '1' };
  await fetch('session', { method: 'POST', headers }).catch(() => undefined);
}

/** Asks what serves the pages, until it says so; `tell` gets why it did not, in words. Lists of collections stay fresh. */
export async function loadSite(tell: (problem: string) => void): Promise<void> {
  await openSession();
  const load = async () => {
    try {
      const answer = await fetchJson<Site>('site.json');
      if (answer !== null) site.value = answer.data;
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    }
    if (site.value === undefined || site.value.kind === 'live') setTimeout(() => void load(), site.value === undefined ? 2000 : 30_000);
  };
  await load();
}
