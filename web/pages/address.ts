import { computed, signal } from '@preact/signals';

/** Parameters of an address; several values of one name are alternatives, `undefined` and nothing are left away. */
export type AddressQuery = Record<string, string | readonly string[] | undefined>;

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
  const [path, query] = splitOnce(hash.value.replace(/^#\/?/, ''));
  return {
    segments: path
      .split('/')
      .filter((part) => part !== '')
      .map(decode),
    query: new URLSearchParams(query),
  };
});

/** The address of a page, for links. */
export function addressOf(segments: readonly string[], query: AddressQuery = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, given] of Object.entries(query)) {
    for (const value of typeof given === 'string' ? [given] : (given ?? [])) if (value !== '') parameters.append(name, value);
  }
  const text = parameters.toString();
  return `#/${segments.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

/** Changes parameters of the page where the reader is; `undefined` takes one away. Adds no step to the history. */
export function refine(query: AddressQuery): void {
  const { segments, query: present } = address.value;
  const kept = Object.fromEntries([...new Set(present.keys())].map((name) => [name, present.getAll(name)]));
  const next = addressOf(segments, { ...kept, ...query });
  if (next === location.hash) return;
  history.replaceState(null, '', next);
  hash.value = next;
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf('?');
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
