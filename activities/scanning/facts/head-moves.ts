import { type GitUse, looksLikePath } from './git-use.ts';

const failed = /^(?:fatal|error):|nothing to commit|nothing added to commit|no changes added|^Aborting|CONFLICT|did not match any/m;

/** Whether a command surely put an entry into the reflog of HEAD. One that fails says so, and what is doubtful does not count. */
export function movesHead({ subcommand, flags, words, paths, creates, action }: GitUse, observation: string): boolean {
  if (failed.test(observation)) return false;
  const has = (...names: string[]) => names.some((name) => flags.includes(name));
  switch (subcommand) {
    case 'commit':
      return !has('--dry-run') && (has('-q', '--quiet') || observation.trim() === '' || /^\[\S+.* [0-9a-f]{4,40}\]/m.test(observation));
    case 'reset':
      return has('--hard', '--soft', '--mixed', '--keep') && paths.length === 0;
    case 'checkout':
    case 'switch':
      if (creates !== undefined) return !has('--orphan');
      return (
        paths.length === 0 &&
        words.length === 1 &&
        !looksLikePath(words[0] ?? '') &&
        /Switched to|HEAD is now at|switching to/.test(observation)
      );
    case 'cherry-pick':
    case 'revert':
      return words.length === 1 && !has('-n', '--no-commit', '--abort', '--quit') && action === '' && observation.trim() !== '';
    default:
      return false;
  }
}
