import { signal } from '@preact/signals';

/** How fresh what the page shows is; null where nothing of it changes. */
export const shown = signal<{ at: number | null; problem: string | null; staleAfter: number } | null>(null);
