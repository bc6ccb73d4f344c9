import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { projectRoot } from './home.ts';

let known: string | null | undefined;

/**
 * The commit of the checkout that Tracemill runs from, with `-dirty` where files of it were changed; null where it runs from no
 * checkout of its own, as when it was installed as a package, perhaps inside another repository.
 */
export function sourceCommit(): string | null {
  known ??=
    git('rev-parse', '--show-toplevel') === realpathSync(projectRoot)
      ? git('describe', '--always', '--dirty', '--abbrev=40', '--exclude=*')
      : null;
  return known;
}

/** What git prints; null where there is no git, or it has no answer. */
function git(...args: string[]): string | null {
  const { status, stdout } = spawnSync('git', ['-C', projectRoot, ...args], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 ? stdout.trim() : null;
}
