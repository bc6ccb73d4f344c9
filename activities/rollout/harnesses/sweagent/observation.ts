import type { Say } from '../../templates/render.ts';
import type { CommandOutcome } from './shell.ts';

/** Characters of one output that the model gets; the head is kept. */
const outputLimit = 100_000;

/** Puts the outcome of an action into the words of the templates. */
export function observationText(say: Say, outcome: CommandOutcome, values: Record<string, unknown>): string {
  const { output } = outcome;
  if (outcome.kind === 'timeout') return say('command_timeout', { ...values, output: output.slice(0, outputLimit).toWellFormed() });
  const note = outcome.note === null ? '' : say('command_note', { ...values, note: outcome.note });
  if (output.trim() === '')
    return [say('next_step_no_output', { ...values, observation: '' }), note].filter((part) => part !== '').join('\n');
  if (output.length <= outputLimit)
    return [say('next_step', { ...values, observation: output }), note].filter((part) => part !== '').join('\n');
  return say('next_step_truncated', {
    ...values,
    observation: output.slice(0, outputLimit).toWellFormed(),
    elided_chars: output.length - outputLimit,
    max_observation_length: outputLimit,
  });
}
