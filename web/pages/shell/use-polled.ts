import { useEffect, useMemo, useState } from 'preact/hooks';
import { Poller, type Polled } from '../../model/polling/poller.ts';
import { fetchJson } from '../fetch-json.ts';
import { shown } from './shown.ts';
import { isLive } from './site.ts';

/** Milliseconds between polls. */
export const everyList = 5000;
export const everyOpen = 2000;

/** What is known of an address, with what asks for it again at once. */
export type Fresh<T> = Polled<T> & { refresh: () => void };

interface Asked<T> {
  path: string;
  state: Polled<T>;
}

const nothing: Polled<never> = { data: undefined, at: null, problem: null, staleAfter: Infinity };

/**
 * Data below `data/`, kept fresh while the page stands, and how old it is. With another path it begins anew: nothing of the
 * one before is shown under it. Where all is files it is asked for once. `aside`: it stands beside what the page is about, and
 * the badge at the top says nothing of its age.
 */
export function usePolled<T>(path: string | null, interval: number, { aside = false } = {}): Fresh<T> {
  const [asked, setAsked] = useState<Asked<T>>();
  const poller = useMemo(() => {
    if (path === null) return undefined;
    return new Poller<T>(isLive() ? interval : 0, {
      ask: async (options) => await fetchJson<T>(path, options),
      tell: (state) => {
        setAsked({ path, state });
        if (!aside) shown.value = { at: state.at, problem: state.problem, staleAfter: state.staleAfter };
      },
      now: Date.now,
      hidden: () => document.hidden,
      wait: (milliseconds, then) => {
        const timer = setTimeout(then, milliseconds);
        return () => clearTimeout(timer);
      },
    });
  }, [path, interval]);
  useEffect(() => {
    if (poller === undefined) return undefined;
    void poller.refresh();
    const onVisible = () => {
      if (!document.hidden) void poller.refresh();
    };
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      document.removeEventListener('visibilitychange', onVisible);
      poller.end();
      if (!aside) shown.value = null;
    };
  }, [poller]);
  const state = asked !== undefined && asked.path === path ? asked.state : nothing;
  return { ...state, refresh: () => void poller?.refresh() };
}
