import { InvalidArgumentError } from '@commander-js/extra-typings';
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
  },
): ReleaseQuery {
  const { preset, harness, mode, language, resolved, findings: found } = asked;
  return ReleaseQuery.parse({
    campaigns,
    ...(preset && { preset }),
    ...(harness && { harnesses: harness }),
    ...(mode && { modes: mode }),
    ...(language && { languages: language }),
    ...(resolved && { resolved }),
    ...(found && { findings: found }),
  });
}
