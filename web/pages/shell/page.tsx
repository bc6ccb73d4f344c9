import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { visibleName } from '../../model/text/visible.ts';
import { Name } from '../parts/name.tsx';
import { site } from './site.ts';

let navigated = false;
addEventListener('hashchange', () => {
  navigated = true;
});

/** A page below the head of the site: its heading, which gets the focus when the reader came from another page. */
export function Page({ title, kind, children }: { title: string; kind?: string; children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const of = site.value?.title ?? 'Tracemill';
    document.title = visibleName(`${kind === undefined ? '' : `${kind} `}${title.slice(0, 200)} – ${of.slice(0, 100)}`);
  }, [title, kind]);
  useLayoutEffect(() => {
    // The first page of a visit leaves the focus where the browser put it, and a title that comes late leaves it to a field.
    const busy = document.activeElement !== null && document.activeElement.matches('input, textarea, select');
    if (navigated && !busy) heading.current?.focus();
  }, [title, kind]);
  return (
    <>
      <h1 ref={heading} tabIndex={-1}>
        {kind !== undefined && <span class="soft">{kind} </span>}
        <Name text={title} />
      </h1>
      {children}
    </>
  );
}
