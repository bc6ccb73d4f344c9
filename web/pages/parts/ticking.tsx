import { useEffect, useState } from 'preact/hooks';
import { span } from './units.ts';

/** How long something has been so, counted on by the reader's clock; a dash where nothing says since when. */
export function Ticking({ since }: { since: string | null }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  if (since === null) return <span class="soft">–</span>;
  return <time dateTime={since}>{span(now - Date.parse(since))}</time>;
}
