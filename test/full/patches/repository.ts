import type { HomeEngine } from '../../../activities/sandbox/home-engine.ts';
import { openJobContainer } from '../../../activities/sandbox/job-container.ts';
import { Task } from '../../../schemas/task.ts';

export const labels = { 'tracemill.test': 'patches', 'tracemill.test.process': String(process.pid) };

/** A file of every kind that a patch may meet, a submodule, and what an installation left beside the commit. */
const setup = `
set -e
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.invalid
git config --system user.name n; git config --system user.email n@example.invalid
git init -q /origin && cd /origin && echo one >case.json && git add -A && git commit -qm one && git rev-parse HEAD >/moved-from
echo two >case.json && git commit -qam two && git rev-parse HEAD >/moved-to
mkdir /proj && cd /proj && git init -q -b main
mkdir -p src/deep tests/old
printf 'broken\\n' >f.txt; printf 'second\\n' >second.txt; printf 'int x;\\n' >src/a.c; printf 'int y;\\n' >src/deep/b.c
printf 't\\n' >tests/t.txt; printf 'o\\n' >tests/old/o.txt; printf '#!/bin/sh\\n' >run.sh; ln -s f.txt link
printf '\\000\\001binary' >data.bin; printf '*.bat text eol=crlf\\n' >.gitattributes; printf 'echo\\r\\n' >run.bat
printf '*.o\\nbuild/\\nnode_modules/\\n' >.gitignore
git -c protocol.file.allow=always submodule -q add /origin third/data
(cd third/data && git checkout -q "$(cat /moved-from)")
git add -A && git commit -qm base
mkdir -p node_modules/pad build && for n in 1 2 3; do echo js >node_modules/pad/$n.js; done
echo obj >build/a.out; echo local >local.cfg; ln -s /nowhere build/link
`;

/** Makes the repository in an image of its own; the task's fix is in f.txt. */
export async function makePatchTask(engine: HomeEngine, image: string): Promise<Task> {
  const job = await openJobContainer(engine, { image: 'tracemill/toolchain:bookworm-1', network: 'none', labels, signal: undefined });
  try {
    const { exitCode, stderr } = await job.exec(setup, { timeoutMs: 60_000 });
    if (exitCode !== 0) throw new Error(stderr);
    const [base = '', from = '', to = ''] = (
      await job.exec('git -C /proj rev-parse HEAD; cat /moved-from /moved-to', { timeoutMs: 30_000 })
    ).stdout.split('\n');
    await job.commit({ name: image, changes: [] });
    return Task.parse({
      instance_id: 'acme__proj-1',
      repo: 'acme/proj',
      language: 'python',
      base_commit: base,
      image_name: image,
      workdir: '/proj',
      patch: 'diff --git a/f.txt b/f.txt\n--- a/f.txt\n+++ b/f.txt\n@@ -1 +1 @@\n-broken\n+fixed\n',
      test_patch: `${added('tests/new.txt')}${added('data/case.json')}${movedSubmodule('third/data', from, to)}`,
      problem_statement: 'It is broken.',
      FAIL_TO_PASS: ['fix'],
      PASS_TO_PASS: [],
      install_config: { test_cmd: ['true'], log_parser: 'parse_log_pytest' },
    });
  } finally {
    await job.remove();
  }
}

/** The task with tests that pass where the fix is there, the tests are the task's, and `holds` does. */
export function taskWith(task: Task, holds: string): Task {
  const tests = `[ "$(cat tests/t.txt tests/old/o.txt tests/new.txt data/case.json)" = "$(printf 't\\no\\nx\\nx')" ] && [ -f third/data/case.json ]`;
  const command = `if grep -q '^fixed$' f.txt && ${tests} && { ${holds}; }; then echo "PASSED fix"; else echo "FAILED fix"; ls -laR . | head -100; fi`;
  return { ...task, install_config: { ...task.install_config, test_cmd: [command] } };
}

function added(path: string): string {
  return `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+x\n`;
}

function movedSubmodule(path: string, from: string, to: string): string {
  return `diff --git a/${path} b/${path}\nindex ${from.slice(0, 7)}..${to.slice(0, 7)} 160000\n--- a/${path}\n+++ b/${path}\n@@ -1 +1 @@\n-Subproject commit ${from}\n+Subproject commit ${to}\n`;
}
