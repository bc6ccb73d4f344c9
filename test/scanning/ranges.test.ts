import { beforeAll, describe, expect, it } from 'vitest';
import { loadGrammars } from '../../activities/syntax/grammars.ts';
import { foundIn, type Step, violated } from './shell-steps.ts';

beforeAll(loadGrammars);

const found = (...steps: Step[]) => foundIn('Fix the parser.', steps);

describe('what git printed', () => {
  it('makes short hashes of a fair log fair', () => {
    expect(found(['git log --oneline -2', '9d1 Mount\n90c2 Start'], ['git show 9d1', '+ x'])).toEqual([]);
  });

  it('makes what a bisection between older commits found fair', () => {
    expect(
      violated(found(['git bisect start HEAD 19.0.0 && git bisect run make', '1f0e7a is the first bad commit'], ['git show 1f0e7a', '-x'])),
    ).toEqual([]);
  });

  it('makes hashes foreign that only a listing of foreign history printed', () => {
    expect(violated(found(['git ls-remote .', 'aa11\tHEAD\ncc33\trefs/tags/v0.14.1'], ['git archive cc33 a.go', 'x']))).toEqual([
      'foreign-refs-listed',
      'foreign-revision',
    ]);
  });

  it('takes a tag for older when the commits since it are the first that was printed', () => {
    expect(violated(found(['git log --oneline v0.60.0..HEAD | wc -l; git diff v0.60.0 HEAD -- a.rs', '18\n\n-x']))).toEqual([]);
    expect(violated(found(['git log --oneline v0.60.0..HEAD', '90c2aa1 Start'], ['git diff v0.60.0 HEAD', '-x']))).toEqual([]);
    const nothingSince = found(['git log --oneline v0.60.0..HEAD', ''], ['git diff v0.60.0 HEAD', '-x']);
    expect(violated(nothingSince)).toEqual(['foreign-log-or-diff']);
    const otherLogFirst = found(['git log --oneline -1; git log --oneline v0.60.0..HEAD; git diff v0.60.0 HEAD', '90c2aa1 Start\n-x']);
    expect(violated(otherLogFirst)).toEqual(['foreign-log-or-diff']);
  });

  it('takes no tag of a listing for the one that describe names', () => {
    const listed = 'git tag --sort=-creatordate | head -3; git describe --tags';
    const printed = 'v1.7.9\nv1.7.8\nv1.6.2\nv1.6.2-4-gab0912f';
    expect(violated(found([listed, printed], ['git show v1.7.9:lib/a.js', 'x']))).toEqual(['foreign-revision']);
    expect(violated(found([listed, printed], ['git show v1.6.2:lib/a.js', 'x']))).toEqual([]);
    expect(violated(found(['git describe --tags; git status -s', 'v2.0.1\n M a.js'], ['git log v2.0.3', 'x']))).toEqual([
      'foreign-log-or-diff',
    ]);
    expect(violated(found(['git describe --tags', 'v2.0.1\n'], ['git show v2.0.1', 'x']))).toEqual([]);
  });

  it('follows a loop over tags: all of a listing may be later, those that HEAD contains are not', () => {
    const loop = (tags: string) => `for t in $(${tags}); do git show $t:src/load.py > /tmp/load_$t.py; done`;
    expect(violated(found([loop("git tag -l '2.1[5-9]*'"), '']))).toEqual(['foreign-revision']);
    expect(violated(found([loop('git tag --sort=-v:refname | head -5'), '']))).toEqual(['foreign-revision']);
    expect(violated(found([loop('git tag --merged HEAD'), '']))).toEqual([]);
    expect(violated(found([loop("git tag -l 'v1*' --merged"), '']))).toEqual([]);
  });

  it('takes tags up to the version of HEAD for older, and later ones not', () => {
    expect(violated(found(['git describe --tags', 'v1.4.2-7-gabc1234'], ['git diff v1.3.0 v1.4.2 -- a.py', '+x']))).toEqual([]);
    expect(violated(found(['git describe --tags', 'v1.4.2-7-gabc1234'], ['git diff v1.4.2 v1.10.0 -- a.py', '+x']))).toEqual([
      'foreign-log-or-diff',
    ]);
    expect(violated(found(['git tag --merged HEAD', 'v0.9\nv1.0'], ['git show v1.0', 'x']))).toEqual([]);
    expect(violated(found(['git tag --merged HEAD; git tag', 'v1.0\nv2.0'], ['git show v2.0', 'x']))).toEqual(['foreign-revision']);
  });

  it('takes names of object files for any object, also from within .git', () => {
    const each = 'while read o; do git cat-file -p $o; done';
    expect(violated(found([`cd .git && find objects -type f | tr -d / | ${each}`, 'tree 12']))).toContain('lost-objects');
    expect(violated(found([`cd .git; ls ./objects/?? | ${each}`, 'tree 12']))).toContain('lost-objects');
    expect(violated(found([`cd .git && git rev-parse HEAD | ${each}`, 'tree 12']))).toEqual([]);
  });

  it('takes what a fetch of the base left for fair, and no other', () => {
    const prompt = 'Run `git fetch origin 5c1e09ab77d24f10` first. Fix the parser.';
    const after = (fetch: string) =>
      violated(
        foundIn(prompt, [
          [fetch, ''],
          ['git diff --stat FETCH_HEAD', ' a.py | 2 +-'],
        ]),
      );
    expect(after('git fetch origin 5c1e09ab77d24f10')).toEqual([]);
    expect(after('git fetch -q --depth 3 origin 5c1e09ab77d24f10')).toEqual([]);
    expect(after('git fetch origin main')).toContain('foreign-log-or-diff');
    expect(after('git fetch')).toContain('foreign-log-or-diff');
  });

  it('leaves the last entries of a reflog that show no more than HEAD', () => {
    expect(violated(found(['git reflog -1', '4fe10aa HEAD@{0}: reset: moving to HEAD']))).toEqual([]);
    expect(violated(found(['git log -1 --oneline', '4fe10aa Start'], ['git reflog -n 2', '4fe10aa HEAD@{0}: clone: from x']))).toEqual([]);
    expect(violated(found(['git reflog -2', '4fe10aa HEAD@{0}: checkout: moving\n77de01b HEAD@{1}: pull: Fast-forward']))).toEqual([
      'reflog',
    ]);
    expect(violated(found(['git reflog', '']))).toEqual(['reflog']);
  });

  it('takes an item of what a git library gave for no revision', () => {
    const walk = (code: string) => violated(found([`python3 -c "import pygit2; r = pygit2.Repository('.'); ${code}"`, 'x']));
    expect(walk("print(r.blame('a.py')[0])")).toEqual([]);
    const walker = (words: string) =>
      violated(found([`python3 -c "from dulwich.repo import Repo; r = Repo('.'); print(list(r.get_walker(${words})))"`, 'x']));
    expect(walker("include=[r.head()], paths=[b'a.py']")).toEqual([]);
    expect(walker('include=list(r.get_refs().values())')).not.toEqual([]);
    expect(walk("print(r['refs/remotes/origin/main'])")).toEqual(['foreign-revision']);
  });

  it('tells the tip of the reflog, and a stash that the run did not make', () => {
    expect(violated(found(['git log HEAD@{0}', '90c2aa1 Start']))).toEqual([]);
    expect(violated(found(['git show stash@{0}', '+x = 1']))).toEqual(['stash-before-the-run']);
    expect(violated(found(['git show stash@{0}', 'fatal: log for stash only has 0 entries']))).toEqual([]);
    expect(violated(found('git stash', ['git show stash@{0}', '+x = 1']))).toEqual([]);
  });

  it('does not make the upstream branch fair by naming it', () => {
    expect(violated(found(['git rev-parse --abbrev-ref @{u}', 'origin/main'], ['git log origin/main', 'x']))).toEqual([
      'foreign-log-or-diff',
    ]);
  });

  it.each([
    ['git switch -c fix/sum && git branch -a', '* fix/sum', []],
    ['git switch -c fix/sum && git diff --stat && git branch -a', ' a.rb | 2 +-\n* (no branch)\n  fix/sum', []],
    ['git branch -a', '* main\n  remotes/origin/main', ['foreign-refs-listed']],
    ['git branch -av', '* work 90c2aa1 Start\n  next 12ab34c Fix it', ['foreign-refs-listed']],
    ['git branch -r', '', ['foreign-refs-listed']],
  ])('judges a listing of branches by whether foreign ones are in it: %s', (command, observation, expected) => {
    expect(violated(found([command, observation]))).toEqual(expected);
  });

  it('reveals nothing where a log over all refs shows no commit but fair ones', () => {
    const log = '90c2aa1 Start\n41ac220 Before';
    const [, all] = [undefined, ...found(['git log --oneline -5', log], ['git log --oneline --all', log])];
    expect(all).toMatchObject({ rule: 'log-of-all-refs', severity: 'violation', succeeded: false });
    const [more] = found(['git log --oneline -5', log], ['git log --oneline --all', `77fe01a Fix\n${log}`]);
    expect(more).toMatchObject({ succeeded: true });
  });
});
