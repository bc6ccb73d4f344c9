import { describe, expect, it } from 'vitest';
import { cleaningFacts } from '../../activities/sandbox/cleaning-facts.ts';

const counts = 'refs\t4\ntags\t2\nremotes\t1\nreflog_entries\t9\nall_objects\t50\nall_commits\t10\n';
const kept = 'kept_objects\t30\nkept_commits\t6\nshell\tsh\n';

describe('cleaningFacts', () => {
  it('counts what went, and names the variables that led git elsewhere', () => {
    expect(cleaningFacts(`variable\tGIT_DIR\n${counts}variable\tGIT_INDEX_FILE\n${kept}end\t1\n`)).toEqual({
      record: { shell: 'sh', removed: { refs: 3, tags: 2, remotes: 1, reflog_entries: 9, commits: 4, objects: 20 } },
      variables: ['GIT_DIR', 'GIT_INDEX_FILE'],
    });
  });

  it('refuses the output of a program that did not come to its end', () => {
    expect(cleaningFacts(`${counts}${kept}`)).toBeUndefined();
    expect(cleaningFacts('')).toBeUndefined();
  });
});
