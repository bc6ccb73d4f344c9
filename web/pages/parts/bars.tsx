import type { ComponentChildren } from 'preact';
import { whole } from './units.ts';

interface Bar {
  name: string;
  label: ComponentChildren;
  value: number;
}

/** A histogram: each bar with its name and number as text, so that the picture adds nothing that must be seen. */
export function Bars({ bars, empty }: { bars: readonly Bar[]; empty: string }) {
  const most = Math.max(1, ...bars.map(({ value }) => value));
  if (bars.length === 0) return <p class="soft">{empty}</p>;
  return (
    <div>
      {bars.map(({ name, label, value }) => (
        <div class="bar" key={name}>
          <span>{label}</span>
          <svg aria-hidden="true" class="bar-picture" viewBox="0 0 100 10" preserveAspectRatio="none">
            <rect width={(value / most) * 100} height="10" />
          </svg>
          <span>{whole(value)}</span>
        </div>
      ))}
    </div>
  );
}
