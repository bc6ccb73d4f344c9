import type { PatchCase } from './case.ts';

const commit = 'git commit -q -m fix';

const files: PatchCase[] = [
  {
    name: 'ignored file, committed',
    agent: `mkdir -p build; echo table >build/table.txt; git add -f build/table.txt f.txt; ${commit}`,
    holds: 'grep -q table build/table.txt',
  },
  {
    name: 'ignored file, staged',
    agent: 'mkdir -p build; echo table >build/table.txt; git add -f build/table.txt',
    holds: 'grep -q table build/table.txt',
  },
  {
    name: 'ignored file, announced (`git add -N`)',
    agent: 'echo table >build/table.txt; git add -N -f build/table.txt',
    holds: 'grep -q table build/table.txt',
  },
  {
    name: 'ignore rules changed or removed',
    agent: 'sed -i -e /build/d -e /node_modules/d .gitignore; echo own >build/own.txt',
    holds: 'grep -q own build/own.txt && grep -q obj build/a.out',
  },
  {
    name: 'installed files committed with the rest',
    agent: `git rm -q .gitignore; git add -A; ${commit}`,
    holds: 'grep -q obj build/a.out && [ ! -e .gitignore ]',
  },
  {
    name: 'everything staged by force',
    agent: 'echo x >new.o; git add -A -f .',
    holds: 'grep -q x new.o && grep -q js node_modules/pad/1.js',
  },
  {
    name: 'installed file, changed and staged',
    agent: 'echo mine >build/a.out; echo mine >local.cfg; git add -f build/a.out local.cfg',
    holds: 'grep -q mine build/a.out && grep -q mine local.cfg',
  },
  {
    name: 'exclude file and attributes in `.git`',
    agent: "echo '*' >.git/info/exclude; echo '* -text filter=x' >.git/info/attributes; echo new >new.txt",
    holds: 'grep -q new new.txt',
  },
  {
    name: 'intermediate `.gitignore` that hides itself',
    agent: "mkdir -p env/bin; echo '*' >env/.gitignore; echo x >env/bin/python; echo new >new.txt",
    holds: 'grep -q new new.txt && [ ! -e env ]',
  },
];

const amounts: PatchCase[] = [
  {
    name: 'thousands of new files',
    agent: 'mkdir -p env/lib env/tests; for n in $(seq 1500); do echo x >env/lib/m$n.py; echo x >env/tests/test_$n.py; done',
    holds: '[ -f env/lib/m1500.py ] && [ ! -e env/tests/test_1.py ]',
  },
  {
    name: 'hundreds of build files',
    agent: `for n in $(seq 300); do mkdir -p pkgs/p$n; echo '{"name": "p", "scripts": {"test": "true"}}' >pkgs/p$n/package.json; done`,
    holds: '[ -f pkgs/p300/package.json ]',
  },
  {
    name: 'huge files',
    agent: 'yes "a line of a log" | head -c 40000000 >log.txt; truncate -s 20G disk.img; echo new >new.txt',
    holds: 'grep -q new new.txt && [ ! -e log.txt ]',
    leftOut: [
      ['disk.img', 'too_large'],
      ['log.txt', 'too_large'],
    ],
  },
  {
    name: 'more than a patch may hold',
    agent: 'for n in 1 2 3; do head -c 9000000 /dev/urandom >noise$n.bin; done; echo new >new.txt; echo third >>second.txt',
    holds: 'grep -q new new.txt && grep -q third second.txt',
    leftOut: [
      ['noise1.bin', 'too_large'],
      ['noise2.bin', 'too_large'],
    ],
  },
];

const kinds: PatchCase[] = [
  {
    name: 'binary files',
    agent: "printf '\\000new' >data.bin; head -c 5000 /dev/urandom >blob; cp blob copy",
    holds: 'cmp blob copy && [ "$(tr -d "\\000" <data.bin)" = new ]',
  },
  {
    name: 'links',
    agent: 'ln -s src folder; ln -s /nowhere dangling; rm second.txt; ln -s f.txt second.txt; rm link; echo file >link',
    holds: '[ -h folder ] && [ -h dangling ] && [ "$(cat second.txt)" = fixed ] && [ ! -h link ]',
  },
  { name: 'modes', agent: 'chmod +x run.sh f.txt; printf x >tool; chmod 755 tool', holds: '[ -x run.sh ] && [ -x f.txt ] && [ -x tool ]' },
  {
    name: 'file replaced by a folder, folder by a file',
    agent: 'rm second.txt; mkdir second.txt; echo inner >second.txt/inner; rm -r src; echo file >src',
    holds: 'grep -q inner second.txt/inner && grep -q file src',
  },
  { name: 'folder replaced by a link', agent: 'mv src code; ln -s code src', holds: '[ -h src ] && grep -q y src/deep/b.c' },
  {
    name: 'renamed folders and files, also by case alone',
    agent: 'mv src Src; git mv second.txt Second.txt',
    holds: '[ -f Src/deep/b.c ] && [ -f Second.txt ] && [ ! -e second.txt ] && [ ! -e src ]',
  },
  {
    name: 'names with line breaks, quotes, other bytes than UTF-8',
    agent: `printf 1 >"$(printf 'a\\nb')"; printf 2 >'q"u\\o'"'te"; printf 3 >"$(printf 'caf\\351')"; printf 4 >./-n; printf 5 >':(top)x*'; printf 6 >'ü €'`,
    holds: `[ "$(cat "$(printf 'a\\nb')" 'q"u\\o'"'te" "$(printf 'caf\\351')" ./-n ':(top)x*' 'ü €')" = 123456 ]`,
  },
  {
    name: 'pipes, sockets, devices',
    agent: `mkfifo pipe; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("sock")'; rm second.txt; mkfifo second.txt; echo new >new.txt`,
    holds: 'grep -q new new.txt',
    leftOut: [
      ['pipe', 'not_a_file'],
      ['second.txt', 'not_a_file'],
      ['sock', 'not_a_file'],
    ],
  },
  {
    name: 'unreadable files, files of other users',
    agent: 'echo new >new.txt; echo closed >closed.txt; chown 1234:1234 new.txt f.txt src; chmod 000 closed.txt src/a.c; chmod 700 src',
    holds: 'grep -q new new.txt && grep -q closed closed.txt',
  },
];

const contents: PatchCase[] = [
  {
    name: 'line ends and encodings',
    agent: `printf 'caf\\351\\n' >latin.txt; printf 'one\\r\\ntwo' >crlf.txt; printf '\\377\\376x\\000' >wide.txt; printf 'echo two\\r\\n' >>run.bat`,
    holds: `[ "$(od -An -tx1 crlf.txt | tr -d ' \\n')" = 6f6e650d0a74776f ] && [ "$(od -An -tx1 latin.txt | tr -d ' ')" = 636166e90a ] && [ "$(tail -c 2 run.bat | od -An -tx1 | tr -d ' ')" = 0d0a ]`,
  },
  {
    name: '`working-tree-encoding` that the contents do not have',
    agent: "printf '*.txt text working-tree-encoding=UTF-16\\n*.rc working-tree-encoding=NO-SUCH\\n' >.gitattributes; printf one >menu.rc",
    holds: 'grep -q one menu.rc && grep -q UTF-16 .gitattributes',
  },
  {
    name: 'a whole tree of other line ends',
    agent: "printf '* text=auto eol=crlf\\n' >.gitattributes; git config core.autocrlf true; printf 'third\\r\\n' >>second.txt",
    holds: `[ "$(od -An -c second.txt | tr -d ' \\n')" = 'second\\nthird\\r\\n' ]`,
  },
  {
    name: 'filters',
    agent:
      "printf '* filter=own diff=own\\n' >.gitattributes; git config filter.own.clean 'tr a-z A-Z'; git config filter.own.required true; git config diff.own.textconv false; git add -A",
  },
];

const repositories: PatchCase[] = [
  {
    name: 'commits, amended, rebased, reset',
    agent: `git commit -qam one; echo two >>second.txt; git commit -qa --amend -m two; echo new >new.txt; git add -A; git commit -qm new; git rebase -q HEAD~1; git reset -q --soft HEAD~1`,
    holds: 'grep -q new new.txt && grep -q two second.txt',
  },
  {
    name: 'history of its own',
    agent: 'git checkout -q --orphan other; git commit -qam all; git update-ref -d refs/heads/main; git tag v9',
  },
  {
    name: 'branches switched, detached HEAD',
    agent: 'git checkout -q -b side; git commit -qam side; git checkout -q --detach; echo new >new.txt',
    holds: 'grep -q new new.txt',
  },
  {
    name: 'stashes',
    agent: 'git stash -q; echo new >new.txt; git stash -q -u; git stash pop -q; git stash pop -q',
    holds: 'grep -q new new.txt',
  },
  {
    name: 'staged only, or taken out of the index',
    agent: 'git add f.txt; echo new >new.txt; git add new.txt; git rm -q --cached f.txt new.txt',
    holds: 'grep -q new new.txt',
  },
  {
    name: 'a merge in conflict',
    agent:
      'git commit -qam fix; git checkout -q -b side HEAD~1; echo other >second.txt; git commit -qam side; git checkout -q main; echo mine >second.txt; git commit -qam mine; git merge -q side >/dev/null; git merge-base HEAD side >/dev/null',
    holds: 'grep -q mine second.txt',
  },
  {
    name: 'sparse work tree, skip-worktree, assume-unchanged',
    agent:
      'echo three >>src/a.c; git commit -qam c; git update-index --assume-unchanged second.txt; echo third >>second.txt; git sparse-checkout set --no-cone /f.txt /second.txt; git update-index --skip-worktree f.txt',
    holds: 'grep -q three src/a.c && [ -f src/deep/b.c ] && grep -q third second.txt',
  },
  {
    name: 'locks left, index broken or removed',
    agent: `mkdir -p build; echo table >build/table.txt; git add -f build/table.txt; ${commit}; touch .git/index.lock .git/HEAD.lock; echo junk >.git/index; echo new >new.txt`,
    holds: 'grep -q new new.txt && grep -q table build/table.txt',
  },
  {
    name: 'split index, untracked cache',
    agent: 'git update-index --split-index --untracked-cache; mkdir -p build; echo table >build/table.txt; git add -f build/table.txt',
    holds: 'grep -q table build/table.txt',
  },
  {
    name: 'hooks and `core.*` settings',
    agent:
      "for s in fileMode symlinks; do git config core.$s false; done; git config core.ignoreCase true; git config core.worktree /tmp; git config core.bare true; git config core.fsmonitor 'touch /ran'; git config core.hooksPath /hooks; git config core.excludesFile /all; echo '*' >/all; echo new >new.txt; chmod +x run.sh",
    holds: 'grep -q new new.txt && [ -x run.sh ]',
  },
  {
    name: 'replaced objects, grafts, collected garbage',
    agent:
      'git commit -qam fix; git replace HEAD HEAD~1; git rev-parse HEAD >.git/info/grafts; git reflog expire --expire=now --all; git gc -q --prune=now',
  },
  {
    name: '`.git` removed or made anew',
    agent:
      'rm -rf .git; git init -q; mkdir -p build; echo table >build/table.txt; git add -A; git add -f build/table.txt; git commit -qm all',
    holds: 'grep -q table build/table.txt',
  },
  {
    name: '`.git` moved away',
    agent: 'git init -q --separate-git-dir=/elsewhere; echo new >new.txt; echo x >build/x.txt; git add -f build/x.txt',
    holds: 'grep -q new new.txt && grep -q x build/x.txt',
  },
  { name: 'objects of `.git` lost', agent: 'rm -rf .git/objects/pack; echo new >new.txt', holds: 'grep -q new new.txt' },
  { name: 'git removed', agent: 'echo new >new.txt; rm -rf .git; rm -f "$(command -v git)"', holds: 'grep -q new new.txt' },
  {
    name: 'work trees added',
    agent: 'git worktree add -q /other; git worktree add -q inner; echo new >new.txt',
    holds: 'grep -q new new.txt',
  },
  {
    name: 'repositories within the repository',
    agent:
      'git init -q src/deep; echo own >src/deep/own.c; git init -q lib; echo lib >lib/lib.c; (cd lib; git add -A; git commit -qm lib); git init -q empty',
    holds: 'grep -q own src/deep/own.c && grep -q lib lib/lib.c',
  },
  {
    name: 'submodule edited',
    agent: 'echo mine >third/data/case.json; echo new >new.txt',
    holds: 'grep -q new new.txt',
    leftOut: [['third/data', 'submodule']],
  },
  { name: 'submodule removed', agent: 'git rm -rq --cached third/data; rm -rf third', leftOut: [['third/data', 'submodule']] },
];

const tests: PatchCase[] = [
  {
    name: 'a file where the tests need a folder',
    agent: 'echo file >data; rm -r tests/old; echo file >tests/old',
    holds: '[ -f data/case.json ]',
  },
  {
    name: 'a link where the tests need a folder',
    agent: 'ln -s /etc data; mv tests /moved; ln -s /moved tests',
    holds: '[ ! -h data ] && [ ! -h tests ] && [ ! -e /etc/case.json ]',
  },
  {
    name: 'a folder where the tests need a file',
    agent:
      'mkdir -p tests/new.txt data/case.json/deep; echo x >tests/new.txt/x; echo x >data/case.json/deep/x; rm tests/t.txt; mkdir tests/t.txt; echo x >tests/t.txt/x',
  },
  {
    name: 'tests changed, removed, moved, of the same names',
    agent: 'echo mine >tests/t.txt; git mv tests/old tests/moved; echo mine >tests/new.txt; echo mine >tests/own.txt',
    holds: '[ ! -e tests/own.txt ] && [ ! -e tests/moved ]',
  },
  { name: 'all tests removed', agent: 'rm -rf tests' },
];

/** By the sections of the table in docs/verification.md. */
export const patchCases: Record<string, PatchCase[]> = {
  Files: files,
  Amounts: amounts,
  'Kinds of files': kinds,
  Contents: contents,
  'The repository': repositories,
  'The tests': tests,
};
