import { z } from 'zod';

/**
 * What a row may hold that should not be published: keys and passwords in a known format, strings that look like one beside a name that
 * says so, e-mail addresses, and names of people in paths of home folders.
 */
export const PrivateKind = z.enum(['secrets', 'high_entropy', 'emails', 'home_folders']);
export type PrivateKind = z.infer<typeof PrivateKind>;

/** Kinds by the names that a command line or file gives; `all` for every one, `none` for none of them. */
export function privateKindsOf(names: readonly (PrivateKind | 'all' | 'none')[]): PrivateKind[] {
  if (names.includes('all')) return [...PrivateKind.options];
  return PrivateKind.options.filter((kind) => names.includes(kind));
}
