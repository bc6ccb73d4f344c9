import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Reads the value of an option that is a port. */
export function port(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) throw new InvalidArgumentError('a port is a number from 1 to 65535.');
  return number;
}
