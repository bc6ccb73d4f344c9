import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** A key and what it does on a page. */
interface Key {
  keys: string;
  does: string;
}

const everywhere: Key[] = [
  { keys: '?', does: 'shows these keys' },
  { keys: 'Esc', does: 'closes what is open' },
  { keys: 'Tab', does: 'goes to the next control' },
];

/** What the page where the reader is understands beside that. */
const pageKeys = signal<readonly Key[]>([]);

/** Whether the keys are shown. */
export const helpOpen = signal(false);

/** Whether a key press is meant for a field, and not for the page. */
function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  if (ctrlKey || metaKey || altKey) return true;
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}

/** Opens the help at `?`, wherever the reader is. */
export function listenForHelp(): void {
  addEventListener('keydown', (event) => {
    if (event.key !== '?' || isTyping(event)) return;
    event.preventDefault();
    helpOpen.value = true;
  });
}

/** Keys of a page, for as long as it stands. */
export function useKeys(keys: readonly Key[], onKey: (event: KeyboardEvent) => boolean): void {
  const newest = useRef(onKey);
  newest.current = onKey;
  // With the page itself: a key that comes before the first frame counts.
  useLayoutEffect(() => {
    pageKeys.value = keys;
    const listen = (event: KeyboardEvent) => {
      if (!isTyping(event) && document.querySelector('dialog[open]') === null && newest.current(event)) event.preventDefault();
    };
    addEventListener('keydown', listen);
    return () => {
      pageKeys.value = [];
      removeEventListener('keydown', listen);
    };
  }, [keys]);
}

export function KeyHelp() {
  const dialog = useRef<HTMLDialogElement>(null);
  const open = helpOpen.value;
  useLayoutEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} aria-labelledby="keys-title" onClose={() => (helpOpen.value = false)}>
      <h2 id="keys-title">Keys</h2>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">key</th>
            <th scope="col">what it does</th>
          </tr>
        </thead>
        <tbody>
          {[...pageKeys.value, ...everywhere].map(({ keys, does }) => (
            <tr key={keys}>
              <th scope="row">
                <kbd>{keys}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        <button type="button" onClick={() => (helpOpen.value = false)}>
          Close
        </button>
      </p>
    </dialog>
  );
}
