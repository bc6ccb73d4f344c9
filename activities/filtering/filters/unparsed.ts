import { z } from 'zod';
import { defineFilter, excerpt, fine, violation } from '../filter.ts';

/** Calls, results or replies of the row could not be read: what is left of it proves nothing. */
export const unparsed = defineFilter({
  id: 'unparsed',
  version: 1,
  asks: 'Every call, result and reply of the row could be read.',
  parameters: z.strictObject({}),
  check({ scan }) {
    if (scan.unread.length === 0) return fine('everything could be read');
    return violation(
      `${scan.unread.length} parts of the row could not be read`,
      scan.unread.map((text) => ({ text: excerpt(text) })),
    );
  },
});
