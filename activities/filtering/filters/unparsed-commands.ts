import { z } from 'zod';
import { defineFilter, fine, violation } from '../filter.ts';

/** Commands that the scanner could only read by their text. */
export const unparsedCommands = defineFilter({
  id: 'unparsed_commands',
  version: 1,
  asks: 'The scanner could parse every command.',
  parameters: z.strictObject({ tolerated: z.int().min(0).default(0) }),
  check({ scan }, { tolerated }) {
    if (scan.unparsed <= tolerated) return fine(`${scan.unparsed} commands could not be parsed`);
    return violation(`${scan.unparsed} commands could not be parsed, ${tolerated} tolerated`);
  },
});
