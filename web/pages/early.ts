/**
 * Asks for what the first page needs while its program still comes: what serves it, and the beginning of the run that the
 * address names. It is a program of its own and imports nothing, so that it runs first; `fetchJson` takes the answers.
 */
function ask(): void {
  // Behind `#token=` nothing is answered before the token was shown.
  if (location.hash.startsWith('#token=')) return;
  const [room, collection, part, row] = (location.hash.replace(/^#\/?/, '').split('?')[0] ?? '').split('/');
  const paths = ['site.json'];
  if (room === 'c' && collection && part === 'r' && row) {
    const path = `c/${sameName(collection)}/r/${sameName(row)}/`;
    paths.push(`${path}head.json`, `${path}index-0.json`, `${path}chunk-0.json`);
  }
  const asked = new Map<string, Promise<Response>>();
  for (const path of paths) {
    const answer = fetch(`data/${path}`);
    // Whoever takes it sees why it failed.
    answer.catch(() => undefined);
    asked.set(path, answer);
  }
  globalThis.askedEarly = asked;
  // On another page, what came for this one is old.
  addEventListener('hashchange', () => asked.clear(), { once: true });
}

/** A name of an address as requests have it. */
function sameName(name: string): string {
  try {
    return encodeURIComponent(decodeURIComponent(name));
  } catch {
    return encodeURIComponent(name);
  }
}

ask();
