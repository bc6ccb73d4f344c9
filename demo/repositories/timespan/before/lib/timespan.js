import { UNITS, unitNamed } from './units.js';

const PART = /(\d+)\s*([a-z]+)/giy;

/** Reads a span such as `2 days 4h`; throws a TypeError for text that is not one. */
export function parse(text) {
  const source = text.trim();
  const sign = source.startsWith('-') ? -1 : 1;
  let rest = sign < 0 ? source.slice(1).trim() : source;
  let total = 0;
  if (rest === '') throw new TypeError(`not a time span: "${text}"`);
  while (rest !== '') {
    PART.lastIndex = 0;
    const part = PART.exec(rest);
    const unit = part === null ? undefined : unitNamed(part[2]);
    if (unit === undefined) throw new TypeError(`not a time span: "${text}"`);
    total += Number.parseInt(part[1], 10) * unit.milliseconds;
    rest = rest.slice(part[0].length).replace(/^[\s,]+/, '');
  }
  return sign * total;
}

/** Writes milliseconds with the largest units that fit: `90000` becomes `1m 30s`. */
export function format(milliseconds) {
  if (milliseconds === 0) return '0ms';
  let rest = Math.abs(Math.round(milliseconds));
  const parts = [];
  for (const unit of UNITS) {
    const count = Math.floor(rest / unit.milliseconds);
    if (count > 0) parts.push(`${count}${unit.short}`);
    rest -= count * unit.milliseconds;
  }
  return (milliseconds < 0 ? '-' : '') + parts.join(' ');
}
