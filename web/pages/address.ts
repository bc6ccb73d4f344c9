import { computed, signal } from '@preact/signals';

/**
 * Where the reader is: everything a page shows follows from it, so that an address sent to somebody shows the same. It
 * stands behind the `#`, because a bundle lies below any path of any server: `#/c/NAME/r/ID?turn=12&sort=turns`.
 */
const hash = signal(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
});

/** Path and parameters of the page. */
export const address = computed(() => {
  const [path = '', query = ''] = hash.value.replace(/^#\/?/, '').split('?', 2);
  return {
    segments: path
      .split('/')
      .filter((part) => part !== '')
      .map(decode),
    query: new URLSearchParams(query),
  };
});

/** The address of a page, for links. */
export function addressOf(segments: readonly string[], query: Record<string, string | undefined> = {}): string {
  const given = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '');
  const text = new URLSearchParams(given).toString();
  return `#/${segments.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

/** Changes parameters of the page where the reader is; `undefined` takes one away. Adds no step to the history. */
export function refine(query: Record<string, string | undefined>): void {
  const { segments, query: present } = address.value;
  const next = addressOf(segments, { ...Object.fromEntries(present), ...query });
  if (next === location.hash) return;
  history.replaceState(null, '', next);
  hash.value = next;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
