import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { placedCalls } from '../calls.ts';
import { defineFilter, excerpt, fine, violation } from '../filter.ts';

/** An observation that is no text: broken encoding, binary files, control characters. */
export const observationCorruption = defineFilter({
  id: 'observation_corruption',
  version: 1,
  asks: 'Observations are readable text.',
  parameters: z.strictObject({
    /** Largest share of an observation's characters that are no text. */
    share: z.number().min(0).max(1).default(0.3),
    /** Unreadable characters below which an observation is never corrupt. */
    characters: z.int().min(1).default(20),
  }),
  check({ trajectory }, { share, characters }) {
    const corrupt = placedCalls(trajectory.messages).flatMap(({ turn, call, observation }) => {
      const text = stripVTControlCharacters(observation ?? '');
      const unreadable = text.match(unreadableCharacters)?.length ?? 0;
      if (unreadable < characters || unreadable <= text.length * share) return [];
      return [
        {
          text: `${unreadable} of ${text.length} characters are unreadable: ${excerpt(text.replace(unreadableCharacters, '·'), 80)}`,
          turn,
          call,
        },
      ];
    });
    if (corrupt.length === 0) return fine('every observation is text');
    return violation(`${corrupt.length} corrupt observations`, corrupt);
  },
});

/**
 * Replacement characters, lone surrogates, and controls other than tab, line ends, form feed and backspace.
 */
const unreadableCharacters = /[\p{Surrogate}\ufffd]|(?![\t\n\f\r\b])\p{Cc}/gu;
