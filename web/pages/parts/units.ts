/**
 * Whole numbers with a thin gap between thousands, as `80 000` in a form that cannot be read as a decimal point. Grouped
 * here: the first number that a browser puts into a language costs it 20 to 40 ms, which the first rows would wait for.
 */
export function whole(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, '\u202f');
}

/** Large counts in few characters: `1.2 M`, `17.7 k`. */
export function short(value: number): string {
  if (value < 10_000) return whole(value);
  for (const [size, unit] of sizes) if (value >= size) return `${(value / size).toFixed(value / size < 100 ? 1 : 0)} ${unit}`;
  return whole(value);
}
const sizes: [number, string][] = [
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

export function dollars(value: number): string {
  return `$${value < 100 ? value.toFixed(2) : whole(Math.round(value))}`;
}

/** A share from 0 to 1. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

/** A difference of shares, with its sign, in points. */
export function points(difference: number): string {
  const text = (Math.abs(difference) * 100).toFixed(1);
  return `${difference < 0 ? '−' : '+'}${text} points`;
}

/** A length of time: `0:41`, `7:12`, `2 h 05`, `3 d 4 h`. Milliseconds. */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${two(minutes % 60)}`;
  const hours = Math.floor(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** An ISO time as the reader's clock shows it; what is none stays as it is. */
export function time(iso: string | null): string {
  if (iso === null) return '–';
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
