import { expect, it } from 'vitest';
import { openJobContainer } from '../../../activities/sandbox/job-container.ts';
import { createSandboxes } from '../../../activities/sandbox/open-sandbox.ts';
import { prepareImage } from '../../../activities/sandbox/prepare-image.ts';
import { verifyPatch } from '../../../activities/verification/verify.ts';
import { testEngine } from '../../engine/engines.ts';
import { taskFor } from '../../sandbox/task-image.ts';
import { labels } from './repository.ts';

const engine = testEngine();
const signal = new AbortController().signal;
const image = `tracemill-test/root-repository:${process.pid}`;

const setup = `set -e
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.invalid GIT_COMMITTER_NAME=A GIT_COMMITTER_EMAIL=a@example.invalid
cd / && git init -q -b main && mkdir code && echo broken >f.txt && echo code >code/a.c
git add f.txt code && git commit -qm base && git rev-parse HEAD`;

it('a fix in a repository that is the whole file system is taken and judged', async () => {
  const job = await openJobContainer(engine, { image: 'tracemill/toolchain:bookworm-1', network: 'none', labels, signal: undefined });
  const made = [image];
  try {
    const { stdout } = await job.exec(setup, { timeoutMs: 60_000 });
    await job.commit({ name: image, changes: [] });
    const test_cmd = ['grep -q fixed f.txt && [ -f code/new.c ] && echo PASSED t || echo FAILED t'];
    const test_patch =
      'diff --git a/tests/t.txt b/tests/t.txt\nnew file mode 100644\n--- /dev/null\n+++ b/tests/t.txt\n@@ -0,0 +1 @@\n+t\n';
    const task = taskFor(image, stdout.trim(), { workdir: '/', test_patch, install_config: { test_cmd, log_parser: 'parse_log_pytest' } });
    const prepared = await prepareImage({ engine, task, signal });
    made.push(prepared.tag);
    const { sandbox } = await createSandboxes(engine)({
      rolloutId: 'patches/owner__widget-1/openhands/think/root',
      campaign: 'patches',
      image: prepared.image_id,
      workdir: '/',
      limits: { memory_mb: 512, cpus: 1, pids: 150, output_bytes: 100_000 },
      signal,
    });
    try {
      const command = 'echo fixed >f.txt; echo new >code/new.c';
      await sandbox.perform(
        0,
        { kind: 'command', command, waiting: { noChangeMs: null, timeMs: 60_000 }, atTimeLimit: 'interrupt' },
        signal,
      );
      const { patch, left_out } = await sandbox.change(task.base_commit, signal);
      expect(patch.match(/^diff --git .*$/gm)).toEqual(['diff --git a/code/new.c b/code/new.c', 'diff --git a/f.txt b/f.txt']);
      expect(left_out).toBeUndefined();
      const { verdict } = await verifyPatch({ engine, task, image: prepared.image_id, modelPatch: patch, timeoutMs: 60_000, labels });
      expect(verdict).toMatchObject({ resolved: 1 });
    } finally {
      await sandbox.remove();
    }
  } finally {
    await job.remove();
    for (const name of made) await engine.removeImage(name, { force: true });
  }
});
