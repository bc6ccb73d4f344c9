import { repeat } from '../../model/polling/repeat.ts';

/** Does work again and again while the page stands, at once when it is seen again, and seldom while it is not; gives what ends that. */
export function keepFresh(interval: number, work: () => Promise<void>): () => void {
  const { now, end } = repeat(interval, {
    work,
    hidden: () => document.hidden,
    wait: (milliseconds, then) => {
      const timer = setTimeout(then, milliseconds);
      return () => clearTimeout(timer);
    },
  });
  const onVisible = () => {
    if (!document.hidden) now();
  };
  document.addEventListener('visibilitychange', onVisible);
  return () => {
    document.removeEventListener('visibilitychange', onVisible);
    end();
  };
}
