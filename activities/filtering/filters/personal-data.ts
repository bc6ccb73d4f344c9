import { z } from 'zod';
import { PrivateKind } from '../../../schemas/private-text.ts';
import { privateTextVersion } from '../../secrets/find-private.ts';
import { defineFilter } from '../filter.ts';
import { checkPrivate } from '../private-text.ts';

/** Addresses and account names of people. */
export const personalData = defineFilter({
  id: 'personal_data',
  version: privateTextVersion,
  asks: 'No text of the row has e-mail addresses or names of people in paths of home folders.',
  parameters: z.strictObject({ kinds: z.array(PrivateKind).default(['emails', 'home_folders']) }),
  check: (input, { kinds }) => checkPrivate(input, kinds),
});
