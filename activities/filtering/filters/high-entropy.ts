import { z } from 'zod';
import { PrivateKind } from '../../../schemas/private-text.ts';
import { privateTextVersion } from '../../secrets/find-private.ts';
import { defineFilter } from '../filter.ts';
import { checkPrivate } from '../private-text.ts';

/** Strings that look like keys beside a name that says so. */
export const highEntropy = defineFilter({
  id: 'high_entropy',
  version: privateTextVersion,
  asks: 'No text of the row has a string like a key beside a name of one.',
  parameters: z.strictObject({ kinds: z.array(PrivateKind).default(['high_entropy']) }),
  check: (input, { kinds }) => checkPrivate(input, kinds),
});
