import { testCommandOf } from '../candidate.ts';
import { drop, keep, type SourceRule } from '../source-rule.ts';

export interface RunnableParameters {
  enabled: boolean;
  /** Whether a log parser of this name exists. */
  knowsParser: (name: string) => boolean;
}

/** Keeps rows that have all that a verification needs. The gate checks whether it works. */
export const runnable: SourceRule<RunnableParameters> = {
  id: 'runnable',
  version: 1,
  start({ enabled, knowsParser }) {
    return (candidate) => {
      if (!enabled) return keep;
      if ((candidate.image_name ?? '').trim() === '') return drop('no image');
      const command = testCommandOf(candidate);
      if (command === null) return drop('no test command', 'install_config has no test command or no log parser');
      if (!knowsParser(command.log_parser)) return drop(`unknown parser ${command.log_parser}`);
      if (candidate.FAIL_TO_PASS.length === 0) return drop('no fail-to-pass test');
      return keep;
    };
  },
};
