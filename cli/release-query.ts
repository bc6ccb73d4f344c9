import { InvalidArgumentError } from '@commander-js/extra-typings';
import { z } from 'zod';
import { licenceIdentifier } from '../activities/licences/licence-names.ts';
import { PrivateKind, privateKindsOf } from '../schemas/private-text.ts';
import { ReleaseQuery } from '../schemas/release-query.ts';

type Conditions = Omit<ReleaseQuery, 'campaigns'>;

/** One value of a condition, from the command line. */
export const one = (name: 'preset') => (text: string) => checked(name, text);

/** Values of a condition, parted by commas. */
export function several<Name extends 'harnesses' | 'modes' | 'languages'>(name: Name): (text: string) => Conditions[Name] {
  return (text) => checked(name, text.split(','));
}

export const verdicts = (text: string) => checked('resolved', text.split(',').map(Number));

export const findings = (text: string) => checked('findings', text === 'none' || text === 'some' ? text : text.split(','));

/** `any` and `known` are words of their own; anything else is names, which have to be those of SPDX or stand for one. */
export function licences(text: string): Conditions['licences'] {
  if (text === 'any' || text === 'known') return text;
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => licenceIdentifier(name) === undefined);
  if (wrong === undefined) return names;
  throw new InvalidArgumentError(`${wrong} is no licence with an SPDX name: name some as MIT,Apache-2.0, or give any or known alone`);
}

const KindNames = z.array(z.enum([...PrivateKind.options, 'all', 'none']));

/** Kinds of things to replace, parted by commas. */
export function privateKinds(text: string): PrivateKind[] {
  const names = KindNames.safeParse(text.split(',').map((name) => name.trim()));
  if (names.success) return privateKindsOf(names.data);
  throw new InvalidArgumentError(`all, none, or some of ${PrivateKind.options.join(', ')}, parted by commas`);
}

function checked<Name extends keyof Conditions>(name: Name, value: unknown): Conditions[Name] {
  const read = ReleaseQuery.partial().safeParse({ [name]: value });
  if (read.success) return read.data[name];
  throw new InvalidArgumentError(read.error.issues.map(({ message }) => message).join('; '));
}

/** The query of a command line. */
export function queryOf(
  campaigns: string[],
  asked: {
    preset?: Conditions['preset'];
    harness?: Conditions['harnesses'];
    mode?: Conditions['modes'];
    language?: Conditions['languages'];
    resolved?: Conditions['resolved'];
    findings?: Conditions['findings'];
    licences?: Conditions['licences'];
  },
): ReleaseQuery {
  const { preset, harness, mode, language, resolved, findings: found, licences: allowed } = asked;
  return ReleaseQuery.parse({
    campaigns,
    ...(preset && { preset }),
    ...(harness && { harnesses: harness }),
    ...(mode && { modes: mode }),
    ...(language && { languages: language }),
    ...(resolved && { resolved }),
    ...(found && { findings: found }),
    ...(allowed && { licences: allowed }),
  });
}
