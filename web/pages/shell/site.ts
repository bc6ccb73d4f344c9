import { signal } from '@preact/signals';
import type { Site } from '../../../schemas/site.ts';

/** What serves the pages; undefined until it said so. */
export const site = signal<Site | undefined>(undefined);

/** Whether what is shown can change. */
export function isLive(): boolean {
  return site.value?.kind === 'live';
}
