import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { Task } from '../../schemas/task.ts';
import { engine, toolchain } from './containers.ts';

/** A repository with everything that may give a fix away: later commits, tags, remotes, stashes, reflogs, loose objects. */
const history = `
set -e
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.invalid
mkdir /widget
cd /widget
git init -q -b main
printf 'one\\n' >a.txt; printf 'build/\\n' >.gitignore; printf '#!/bin/sh\\n' >run.sh
git add . && git commit -qm first
printf 'two\\n' >>a.txt; printf '\\000\\001\\377binary' >data.bin; ln -s a.txt link
git add . && git commit -qm base
git rev-parse HEAD
git tag -a v1 -m v1
printf 'SECRET-FIX\\n' >fix.txt; git add . && git commit -qm 'the fix' && git tag v2
git checkout -qb feature && printf x >feature.txt && git add . && git commit -qm feature
git checkout -q main
printf 'stashed\\n' >>a.txt && git stash -q
printf 'dangling' | git hash-object -w --stdin >/dev/null
git update-ref refs/remotes/origin/main HEAD
git remote add origin https://git.example.invalid/widget.git
git gc -q && git pack-refs --all
printf 'SECRET-LOOSE' | git hash-object -w --stdin >/dev/null
printf '#!/bin/sh\\ntouch /hooked\\n' >.git/hooks/post-checkout && chmod +x .git/hooks/post-checkout
git merge -q --no-edit HEAD 2>/dev/null || :
printf ref >.git/FETCH_HEAD; git rev-parse HEAD >.git/ORIG_HEAD
printf 'edited by install\\n' >>run.sh
mkdir -p widget.egg-info build && printf egg >widget.egg-info/PKG && printf o >build/out.o && printf left >'odd [name].txt'
git config core.fsmonitor 'touch /monitored; :'
`;

/** Commits an image with that repository; `extra` runs at its end. Gives the task for it. */
export async function makeTaskImage(tag: string, extra = ''): Promise<Task> {
  const job = await openJobContainer(engine, {
    image: toolchain,
    network: 'none',
    labels: { 'tracemill.test': 'sandbox' },
    signal: undefined,
  });
  try {
    const { exitCode, stdout, stderr } = await job.exec(`${history}\n${extra}`, { timeoutMs: 60_000 });
    if (exitCode !== 0) throw new Error(stderr);
    await job.commit({ name: tag, changes: ['WORKDIR /widget'] });
    return taskFor(tag, stdout.split('\n')[0] ?? '');
  } finally {
    await job.remove();
  }
}

export function taskFor(image: string, baseCommit: string, overrides: Partial<Task> = {}): Task {
  return Task.parse({
    instance_id: 'owner__widget-1',
    repo: 'owner/widget',
    language: 'python',
    base_commit: baseCommit,
    patch: 'diff',
    test_patch: 'diff',
    problem_statement: 'It fails.',
    FAIL_TO_PASS: ['t'],
    PASS_TO_PASS: [],
    image_name: image,
    install_config: { test_cmd: 'true', log_parser: 'parse_log_pytest' },
    ...overrides,
  });
}
