import type { ComponentChildren } from 'preact';
import type { Site } from '../../../schemas/site.ts';
import { address, addressOf } from '../address.ts';
import { Name } from '../parts/name.tsx';
import { Missing } from '../parts/notices.tsx';
import { AgeBadge } from './age-badge.tsx';
import { DropFile } from './drop-file.tsx';
import { helpOpen, KeyHelp } from './keys.tsx';
import { nextTheme, theme } from './theme.ts';
import './shell.css';

const livePages = [
  ['campaigns', 'Campaigns'],
  ['pipelines', 'Pipelines'],
  ['trainings', 'Trainings'],
  ['evaluations', 'Evaluations'],
  ['nightly', 'Nightly'],
] as const;

/** What stands around every page: where one can go, how old what is shown is, and what the site lacks. */
export function Shell({ site, children }: { site: Site; children: ComponentChildren }) {
  return (
    <>
      <a class="skip" href="#content" onClick={toContent}>
        Skip to the content
      </a>
      <header class="head">
        <a class="home" href={addressOf([])}>
          <Name text={site.title} most={60} />
        </a>
        <nav aria-label="Pages">
          <ul>
            {site.kind === 'live' && livePages.map(([place, title]) => <Place key={place} to={[place]} title={title} />)}
            {site.collections.length > 0 && <Place to={['c']} title="Rows" />}
          </ul>
        </nav>
        <span class="tools">
          <AgeBadge />
          <DropFile takes={site.takes_files === true} />
          {site.kind === 'live' && !site.steering && <span class="soft">read only</span>}
          <button type="button" onClick={nextTheme} title="system, light or dark">
            Theme: {theme.value}
          </button>
          <button type="button" onClick={() => (helpOpen.value = true)}>
            Keys <kbd aria-hidden="true">?</kbd>
          </button>
        </span>
      </header>
      <main id="content" tabIndex={-1}>
        <Missing reasons={site.limits} title="Not part of this site" />
        {children}
      </main>
      <footer class="foot soft">Tracemill {site.tracemill}</footer>
      <KeyHelp />
    </>
  );
}

function Place({ to, title }: { to: string[]; title: string }) {
  const here = address.value.segments[0] === to[0];
  return (
    <li>
      <a href={addressOf(to)} aria-current={here ? 'page' : undefined}>
        {title}
      </a>
    </li>
  );
}

/** The address of the page stands behind the `#`, so that a plain link within it would lead away. */
function toContent(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
