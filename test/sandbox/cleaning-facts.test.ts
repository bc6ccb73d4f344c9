import { describe, expect, it } from 'vitest';
import { cleaningFacts } from '../../activities/sandbox/cleaning-facts.ts';

const counts = 'refs\t4\ntags\t2\nremotes\t1\nreflog_entries\t9\nall_objects\t50\nall_commits\t10\n';
const kept = 'kept_objects\t30\nkept_commits\t6\nshell\tsh\n';

describe('cleaningFacts', () => {
  it('counts what went and lists what stayed', () => {
    const facts = cleaningFacts(
      `${counts}reset\tsetup.py\nexclude\tbuild dir/\nexclude\todd [x]*.txt\nother\t/opt/copy/.git\n${kept}end\t1\n`,
    );
    expect(facts?.record).toEqual({
      shell: 'sh',
      removed: { refs: 3, tags: 2, remotes: 1, reflog_entries: 9, commits: 4, objects: 20 },
      reset_files: ['setup.py'],
      excluded_files: 2,
      other_repositories: ['/opt/copy/.git'],
    });
    expect(facts?.excludePatterns).toBe('/build dir/\n/odd \\[x\\]\\*.txt\n');
  });

  it('refuses the output of a program that did not come to its end', () => {
    expect(cleaningFacts(`${counts}${kept}`)).toBeUndefined();
    expect(cleaningFacts('')).toBeUndefined();
  });
});
