import { signal } from '@preact/signals';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const key = 'tracemill-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

/** What the reader chose; `system` follows the browser. */
export const theme = signal<Theme>(chosen());

/** Puts the theme on the page, now and whenever browser or reader change it. */
export function followTheme(): void {
  system.addEventListener('change', apply);
  theme.subscribe(apply);
}

/** Goes to the next of system, light and dark, and remembers it. */
export function nextTheme(): void {
  theme.value = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system';
  try {
    localStorage.setItem(key, theme.value);
  } catch {
    // A browser that keeps nothing: the choice holds for this page.
  }
}

function apply(): void {
  const dark = theme.value === 'dark' || (theme.value === 'system' && system.matches);
  document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
}

function chosen(): Theme {
  try {
    const kept = localStorage.getItem(key);
    return themes.find((name) => name === kept) ?? 'system';
  } catch {
    return 'system';
  }
}
