import { z } from 'zod';
import { type PlacedCall, placedCalls } from '../calls.ts';
import { defineFilter, excerpt, fine, violation } from '../filter.ts';

/** The same failing call again and again, or a loop that the harness itself saw. */
export const repetition = defineFilter({
  id: 'repetition',
  version: 1,
  asks: 'No call was repeated with the same result, and the harness saw no loop.',
  parameters: z.strictObject({
    /** Equal calls in a row whose equal observations show an error. */
    failing: z.int().min(2).default(3),
    /** Equal calls in a row with equal observations of any kind. */
    any: z.int().min(2).default(4),
  }),
  check({ trajectory }, { failing, any }) {
    const { ending, messages } = trajectory;
    if (ending.kind === 'stuck') return violation('the harness stopped a loop', [{ text: excerpt(`${ending.status}: ${ending.detail}`) }]);
    const runs = runsOf(placedCalls(messages)).filter((run) => run.length >= (run.fails ? failing : any));
    if (runs.length === 0) return fine('no call was repeated in vain');
    return violation(
      'the same call was repeated with the same result',
      runs.map(({ first, length }) => ({
        text: `${length} times: ${first.name} ${excerpt(first.arguments)} → ${excerpt(first.observation ?? '')}`,
        turn: first.turn,
        call: first.call,
      })),
    );
  },
});

interface Run {
  first: PlacedCall;
  length: number;
  fails: boolean;
}

function runsOf(calls: PlacedCall[]): Run[] {
  const runs: Run[] = [];
  for (const call of calls) {
    const run = runs.at(-1);
    if (run !== undefined && isSame(run.first, call)) run.length += 1;
    else runs.push({ first: call, length: 1, fails: tellsOfError(call.observation ?? '') });
  }
  return runs;
}

function isSame(a: PlacedCall, b: PlacedCall): boolean {
  return a.name === b.name && a.arguments === b.arguments && withoutNumbers(a.observation) === withoutNumbers(b.observation);
}

/** Times and process ids differ between equal results. */
function withoutNumbers(observation: string | null): string {
  return (observation ?? '').replace(/\d+(\.\d+)?/g, '0');
}

const errorSigns =
  /\b(error|exception|traceback|not found|no such file|failed|invalid|cannot|refused|denied|fatal)\b|exit code:? *-?[1-9]/i;

function tellsOfError(observation: string): boolean {
  return errorSigns.test(observation);
}
