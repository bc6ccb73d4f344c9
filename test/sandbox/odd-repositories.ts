import { createHash } from 'node:crypto';
import { Task } from '../../schemas/task.ts';
import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { engine, toolchain } from './containers.ts';

/** A repository as images really have them, whose task is to write `fixed` into `f.txt`. */
export interface OddRepository {
  /** Also the name of its folder. */
  name: string;
  /** Options of `git init`. */
  options?: string;
  /** POSIX sh at the base commit, in the work tree: one that commits calls `base` after it. */
  setup: string;
  /** Where the task looks for it; by default `/odd/NAME`. */
  workdir?: string;
  /** The problem's code, where no task can be made of it. */
  refused?: string;
  /** Places that had its later history too. */
  copies?: string[];
  /** What the task's test looks at beside `f.txt`. */
  check?: string;
}

/** Every repository begins like this: two commits, and a later one with a tag and a reflog that must not be left. */
const beginning = `
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.invalid
base() { git rev-parse HEAD >"/odd/$name.base"; }
later() { git checkout -q --detach; echo SECRET >later.txt; git add later.txt; git commit -qm SECRET; git tag "secret$1"; git checkout -q main; }
begin() {
  name=$1
  mkdir -p "/odd/$name" && cd "/odd/$name" && git init -q -b main $2 && files
}
files() {
  printf 'broken\\n' >f.txt; mkdir -p src tests; printf 'int x;\\n' >src/a.c; printf 't\\n' >tests/t.txt; printf '*.o\\n' >.gitignore
  ln -s f.txt lnk; printf '#!/bin/sh\\n' >run.sh; chmod +x run.sh; printf '%s\\n' "$name" >name
  git add -A && git commit -qm first && printf 'second\\n' >second.txt && git add -A && git commit -qm base && base && later
}
`;

/** Untracked files and names. */
const untracked: OddRepository[] = [
  {
    name: 'names',
    setup: `mkdir 'dätä'; echo x >'dätä/a'; git add -A; git commit -qm u; base; printf x >'dätä/b'; printf x >'naïve.txt'; printf x >'quo"te'
      printf x >'back\\slash'; printf x >"$(printf 'new\\nline')"; printf x >"$(printf 'tab\\there')"; printf x >-dash; printf x >'trailing '
      printf x >"$(printf 'latin\\351')"; printf x >'[a]*?'; mkdir 'whole földer'; printf x >'whole földer/x'`,
  },
  {
    name: 'many',
    setup: `mkdir out; echo k >out/keep.c; git add -A; git commit -qm k; base; i=0
      while [ $i -lt 3000 ]; do i=$((i + 1)); : >"out/generated_object_of_this_large_build_number_$i.obj"; done`,
  },
  { name: 'excluded', setup: `printf '*.tmp\\nlocal/\\n' >>.git/info/exclude; echo x >a.tmp; mkdir local; echo x >local/x` },
  { name: 'odd (workdir)', setup: ':', workdir: '/odd/odd (workdir)' },
];

/** Configuration of the repository. */
const configuration: OddRepository[] = [
  { name: 'autocrlf', setup: `git config core.autocrlf true; rm f.txt src/a.c second.txt name; git checkout -q -- .` },
  {
    name: 'eol',
    setup: `echo '*.txt text' >.gitattributes; git add -A; git commit -qm eol; base; git config core.eol crlf; rm *.txt; git checkout -q -- .`,
  },
  { name: 'symlinks', setup: `git config core.symlinks false; rm lnk; git checkout -q -- lnk` },
  { name: 'filemode', setup: `git config core.fileMode false; chmod -x run.sh; chmod +x f.txt src/a.c`, check: '[ -x src/a.c ]' },
  {
    name: 'settings',
    setup: `git config core.ignorecase true; git config core.precomposeunicode true; git config core.fsmonitor 'touch /ran; :'; git config core.untrackedCache true
      mkdir hooks; printf '#!/bin/sh\\ntouch /ran; exit 1\\n' >hooks/post-checkout; cp hooks/post-checkout hooks/pre-commit; chmod +x hooks/*; mv hooks /odd/hooks
      git config core.hooksPath /odd/hooks; git config diff.external 'touch /ran; :'; git config diff.noprefix true; git config diff.mnemonicPrefix true
      git config commit.gpgsign true; git config core.excludesFile /odd/ignore; echo 'secret.me' >/odd/ignore; echo x >secret.me; git config core.pager 'touch /ran'`,
    check: '[ ! -e /ran ]',
  },
  { name: 'elsewhere', setup: `git config core.worktree /tmp; git config core.bare false` },
  { name: 'called-bare', setup: `git config core.bare true` },
  { name: 'broken-config', setup: `printf '[core\\n' >.git/config` },
  {
    name: 'filter',
    setup: `printf '#!/bin/sh\\nsed s/plain/PLAIN/\\n' >/odd/smudge; printf '#!/bin/sh\\nsed s/PLAIN/plain/\\n' >/odd/clean; chmod +x /odd/smudge /odd/clean
      git config filter.shout.smudge /odd/smudge; git config filter.shout.clean /odd/clean; git config filter.shout.required true
      echo '*.shout filter=shout' >.gitattributes; echo plain >a.shout; git add -A; git commit -qm shout; base; rm a.shout; git checkout -q -- a.shout`,
    check: 'grep -q PLAIN a.shout',
  },
  {
    name: 'attributes',
    setup: `git config core.attributesFile /odd/gitattributes; echo '*.txt text eol=crlf' >/odd/gitattributes; rm f.txt; git checkout -q -- f.txt
      echo 'src/* text eol=crlf' >.git/info/attributes; rm src/a.c; git checkout -q -- src`,
  },
];

/** What lies beside the objects, and where they lie. */
const stores: OddRepository[] = [
  {
    name: 'locks',
    setup: `touch .git/index.lock .git/HEAD.lock .git/refs/heads/main.lock .git/packed-refs.lock .git/shallow.lock .git/config.lock`,
  },
  { name: 'broken-index', setup: `head -c 40 .git/index >i; mv i .git/index` },
  { name: 'empty-index', setup: `: >.git/index` },
  { name: 'broken-head', setup: `: >.git/HEAD; : >.git/refs/heads/main` },
  { name: 'unborn', setup: `git symbolic-ref HEAD refs/heads/nowhere` },
  { name: 'detached', setup: `git checkout -q --detach; git branch -D main` },
  { name: 'split-index', setup: `git update-index --split-index; echo x >x.o; git update-index --untracked-cache 2>/dev/null || :` },
  {
    name: 'hidden',
    setup: `git update-index --assume-unchanged f.txt; git update-index --skip-worktree second.txt; echo edited >f.txt; rm second.txt`,
  },
  { name: 'sparse', setup: `git sparse-checkout init --cone; git sparse-checkout set tests`, check: '[ -f src/a.c ]' },
  { name: 'sparse-paths', setup: `git sparse-checkout init --no-cone; git sparse-checkout set '/*' '!src'` },
  {
    name: 'worktree',
    setup: `cd ..; mv worktree main-of-worktree; cd main-of-worktree; git checkout -q --detach; git worktree add -q ../worktree main
      git worktree add -q '../third tree' secret`,
    copies: ['/odd/main-of-worktree', '/odd/third tree'],
  },
  { name: 'separate', setup: `git init -q --separate-git-dir /odd/separate-store` },
  { name: 'linked', setup: `mv .git /odd/linked-store; ln -s /odd/linked-store .git` },
  {
    name: 'alternates',
    setup: `cd ..; mv alternates alternates-origin; git clone -q --shared alternates-origin alternates; cd alternates; git fetch -q --tags`,
    copies: ['/odd/alternates-origin/.git'],
  },
  {
    name: 'reference',
    setup: `git clone -q --mirror . /odd/mirror-of-reference; mkdir -p .git/objects/info; echo /odd/mirror-of-reference/objects >.git/objects/info/alternates; git repack -adlq`,
    copies: ['/odd/mirror-of-reference'],
  },
  { name: 'copy', setup: `cp -a . /odd/copy-of-copy`, copies: ['/odd/copy-of-copy/.git'] },
  {
    name: 'shallow',
    setup: `cd ..; mv shallow shallow-origin; git clone -q --depth 1 -b main file:///odd/shallow-origin shallow; rm -rf shallow-origin`,
  },
  ...['blob:none', 'tree:0'].map((filter) => {
    const name = `partial-${filter.replace(':', '-')}`;
    return {
      name,
      setup: `cd ..; mv ${name} o; git -C o config uploadpack.allowFilter true; git clone -q --filter=${filter} -b main file:///odd/o ${name}; rm -rf o`,
    };
  }),
  {
    name: 'partial-sparse',
    setup: `cd ..; mv partial-sparse o; git -C o config uploadpack.allowFilter true; git clone -q --filter=blob:none --sparse -b main file:///odd/o partial-sparse; rm -rf o`,
    refused: 'base_commit_incomplete',
  },
  { name: 'sparse-index', setup: `git sparse-checkout init --cone --sparse-index; git sparse-checkout set tests`, check: '[ -f src/a.c ]' },
  {
    name: 'thinned',
    setup: `echo more >>second.txt; git commit -qam more; base; old=$(git rev-parse HEAD~1:second.txt); rm -f ".git/objects/$(echo $old | cut -c 1-2)/$(echo $old | cut -c 3-)"
      : >.git/objects/info/commit-graph; mkdir -p .git/objects/12; : >.git/objects/12/34567890123456789012345678901234567890`,
  },
  {
    name: 'submodule',
    setup: `git init -q /odd/sub-origin; (cd /odd/sub-origin; echo s >s; git add -A; git commit -qm s); git -c protocol.file.allow=always submodule add -q file:///odd/sub-origin 'sub mod'
      git commit -qam submodule; base; (cd 'sub mod'; echo t >t; git add -A; git commit -qm t); git clone -q /odd/sub-origin own; git add own 2>/dev/null; git commit -qm own; base`,
  },
  {
    name: 'references',
    setup: `git notes add -m note; echo x >>f.txt; git stash -q; git replace HEAD HEAD~1; git rev-parse HEAD >.git/info/grafts; git pack-refs --all; git checkout -q -b 'odd/brânch'`,
  },
  {
    name: 'conflict',
    setup: `git checkout -q -b side HEAD~1; echo s >second.txt; git add -A; git commit -qm side; git merge main >/dev/null 2>&1 || :`,
  },
  {
    name: 'nested',
    setup: `git init -q inner; git -C inner commit -q --allow-empty -m inner; mkdir vendored; git init -q vendored/x; echo x >vendored/x/x`,
  },
  { name: 'owned', setup: `chown -R 1234:1234 .` },
  { name: 'sha256', options: '--object-format=sha256', setup: 'git tag extra' },
];

const sha = (content: string) => createHash('sha256').update(content).digest('hex');
const pointer = (content: string) => `version https://git-lfs.github.com/spec/v1\noid sha256:${sha(content)}\nsize ${content.length}\n`;
/** Git LFS without its program: pointers in git, contents in the work tree, and in the store unless that was thinned out. */
const largeFiles = (name: string, more: string): OddRepository => ({
  name,
  setup: `echo '*.bin filter=lfs diff=lfs merge=lfs -text' >.gitattributes; printf '${pointer('OLD CONTENT')}' >data.bin; git add -A; git commit -qm old
    printf '${pointer('REAL CONTENT')}' >data.bin; printf '${pointer('OTHER CONTENT')}' >other.bin; git add -A; git commit -qm data; base
    printf '${pointer('SECRET CONTENT')}' >data.bin; git commit -qam SECRET; git checkout -q --detach HEAD; git checkout -q -B main HEAD~1
    put() { d=.git/lfs/objects/$(printf %s "$2" | sed 's|^\\(..\\)\\(..\\).*|\\1/\\2|'); mkdir -p $d; printf "$1" >$d/$2; }
    put 'OLD CONTENT' ${sha('OLD CONTENT')}; put 'REAL CONTENT' ${sha('REAL CONTENT')}; put 'SECRET CONTENT' ${sha('SECRET CONTENT')}
    printf 'REAL CONTENT' >data.bin; ${more}`,
  check: `grep -q 'REAL CONTENT' data.bin`,
});
const lfs: OddRepository[] = [
  largeFiles('lfs-unconfigured', ':'),
  largeFiles(
    'lfs-configured',
    `git config filter.lfs.clean 'git-lfs clean -- %f'; git config filter.lfs.smudge 'git-lfs smudge -- %f'; git config filter.lfs.process 'git-lfs filter-process'; git config filter.lfs.required true`,
  ),
  largeFiles('lfs-thinned', 'rm -rf .git/lfs'),
];

/** Where there is no repository to work on. */
const none: OddRepository[] = [
  { name: 'bare', setup: `cd ..; rm -rf bare; git init -q --bare bare`, refused: 'repository_missing' },
  { name: 'lost', setup: `rm -rf .git; echo 'gitdir: /odd/nowhere' >.git`, refused: 'repository_missing' },
  { name: 'inside', setup: ':', workdir: '/odd/inside/src', refused: 'repository_missing' },
  { name: 'nothing', setup: 'rm -rf .git', refused: 'repository_missing' },
];

export const oddRepositories = [...untracked, ...configuration, ...stores, ...lfs, ...none];

const gold = 'diff --git a/f.txt b/f.txt\n--- a/f.txt\n+++ b/f.txt\n@@ -1 +1 @@\n-broken\n+fixed\n';
const testPatch =
  'diff --git a/tests/new.txt b/tests/new.txt\nnew file mode 100644\n--- /dev/null\n+++ b/tests/new.txt\n@@ -0,0 +1 @@\n+t\n';

/** Commits one image with all of these repositories below `/odd`; gives the task of each by name. */
export async function makeOddImage(tag: string, repositories: OddRepository[]): Promise<Map<string, Task>> {
  const job = await openJobContainer(engine, {
    image: toolchain,
    network: 'none',
    labels: { 'tracemill.test': 'sandbox' },
    signal: undefined,
  });
  try {
    await job.putFiles(
      repositories.map(({ name, setup, options = '' }) => [
        `/odd/${name}.sh`,
        `set -e\n${beginning}\nbegin '${name}' ${options}\n${setup}\n`,
      ]),
    );
    const scripts = repositories.map(
      ({ name }) => `sh '/odd/${name}.sh' >'/odd/log' 2>&1 || { echo '${name}' >&2; cat /odd/log >&2; exit 1; }\n`,
    );
    const bases = repositories.map(({ name }) => `cat '/odd/${name}.base'\n`);
    const { exitCode, stdout, stderr } = await job.exec([...scripts, ...bases].join(''), { timeoutMs: 600_000 });
    if (exitCode !== 0) throw new Error(stderr || `the repositories were not made: ${exitCode}`);
    await job.commit({ name: tag, changes: [] });
    const commits = stdout.trim().split('\n');
    return new Map(repositories.map((repository, at) => [repository.name, oddTask(tag, commits[at] ?? '', repository)]));
  } finally {
    await job.remove();
  }
}

function oddTask(image: string, base_commit: string, { name, workdir = `/odd/${name}`, check = 'true' }: OddRepository): Task {
  return Task.parse({
    instance_id: `odd__${name.replaceAll(/[^a-z0-9]+/g, '-').replace(/-$/, '')}-1`,
    repo: 'odd/repository',
    language: 'python',
    base_commit,
    workdir,
    patch: gold,
    test_patch: testPatch,
    problem_statement: 'It is broken.',
    FAIL_TO_PASS: ['t'],
    PASS_TO_PASS: [],
    image_name: image,
    install_config: { test_cmd: [`grep -q fixed f.txt && ${check} && echo "PASSED t" || echo "FAILED t"`], log_parser: 'parse_log_pytest' },
  });
}
