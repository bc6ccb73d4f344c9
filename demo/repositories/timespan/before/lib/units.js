export const UNITS = [
  { names: ['d', 'day', 'days'], short: 'd', milliseconds: 86_400_000 },
  { names: ['h', 'hr', 'hour', 'hours'], short: 'h', milliseconds: 3_600_000 },
  { names: ['m', 'min', 'minute', 'minutes'], short: 'm', milliseconds: 60_000 },
  { names: ['s', 'sec', 'second', 'seconds'], short: 's', milliseconds: 1_000 },
  { names: ['ms', 'millisecond', 'milliseconds'], short: 'ms', milliseconds: 1 },
];

/** Gives the unit of a written name, or undefined. */
export function unitNamed(name) {
  return UNITS.find((unit) => unit.names.includes(name.toLowerCase()));
}
