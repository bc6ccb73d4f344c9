import { z } from 'zod';
import { PrivateKind } from '../../../schemas/private-text.ts';
import { privateTextVersion } from '../../secrets/find-private.ts';
import { defineFilter } from '../filter.ts';
import { checkPrivate } from '../private-text.ts';

/** Keys, tokens and passwords in a format that is known. */
export const secrets = defineFilter({
  id: 'secrets',
  version: privateTextVersion,
  asks: 'No text of the row holds a key, token or password in a known format.',
  parameters: z.strictObject({ kinds: z.array(PrivateKind).default(['secrets']) }),
  check: (input, { kinds }) => checkPrivate(input, kinds),
});
