import { at, textOf } from './loose-values.ts';

/**
 * How hard the model was told to think, as the settings of its requests say it: the first of them that does. Servers take the word by
 * itself or in a section of its own.
 */
export function reasoningEffortIn(...settings: unknown[]): string | null {
  for (const setting of settings) {
    const said = textOf(at(setting, 'reasoning_effort')) ?? textOf(at(setting, 'reasoning', 'effort'));
    if (said !== null) return said;
  }
  return null;
}
