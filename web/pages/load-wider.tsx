import { signal } from '@preact/signals';
import type { VNode } from 'preact';
import type { Site } from '../../schemas/site.ts';
import { NotFound } from './shell/not-found.tsx';

type PageAt = (segments: readonly string[], site: Site) => VNode | undefined;

/** The program of the wider pages once it is here, or why it did not come. */
const wider = signal<PageAt | string | undefined>(undefined);
let asked = false;

function load(): void {
  if (asked) return;
  asked = true;
  import('./wider-pages.tsx').then(
    ({ widerPageAt }) => (wider.value = widerPageAt),
    (error: unknown) => (wider.value = error instanceof Error ? error.message : String(error)),
  );
}

/** A page of those that come when they are asked for. */
export function WiderPage({ segments, site }: { segments: readonly string[]; site: Site }) {
  load();
  const pageAt = wider.value;
  if (pageAt === undefined) return <p aria-busy="true">Loading…</p>;
  if (typeof pageAt === 'string') {
    return <p role="alert">This page did not come: {pageAt}. Where the site was renewed, load it anew.</p>;
  }
  return pageAt(segments, site) ?? <NotFound what="No page of this site has this address." />;
}
