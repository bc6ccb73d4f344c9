import { InvalidArgumentError } from '@commander-js/extra-typings';

/** The value of an option that counts something; throws the error of a wrong argument for anything but 1, 2, 3 and so on. */
export function wholeNumber(text: string): number {
  const number = Number(text);
  if (!/^\d{1,15}$/.test(text) || number < 1) throw new InvalidArgumentError('a whole number from 1');
  return number;
}
