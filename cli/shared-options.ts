import type { Option } from '@commander-js/extra-typings';

/** What a command is to those who give it options. */
export interface TakesOptions {
  addOption(option: Option): unknown;
}

/** Gives a command options that several commands share. They are not part of its types, and are read from its `opts()`. */
export function withOptions<C extends TakesOptions>(command: C, options: readonly Option[]): C {
  for (const option of options) command.addOption(option);
  return command;
}
