import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePatch, patchPaths } from '../../activities/patches/patch.ts';
import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { prepareImage } from '../../activities/sandbox/prepare-image.ts';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import type { Task } from '../../schemas/task.ts';
import { engine, type Hands, noSignal, withSandbox } from './containers.ts';
import { makeTaskImage } from './task-image.ts';

const tag = `tracemill-test/patch:${process.pid}`;
let task: Task;
let prepared: PreparedImage;

beforeAll(async () => {
  task = await makeTaskImage(tag);
  prepared = await prepareImage({ engine, task, signal: noSignal });
});
afterAll(async () => {
  for (const name of [prepared?.tag, tag]) if (name !== undefined) await engine.removeImage(name, { force: true });
});

function inRepository(work: (hands: Hands) => Promise<void>): Promise<void> {
  return withSandbox((hands) => work(hands), { image: prepared.image_id, workdir: '/widget' });
}

const patchOf = (hands: Hands) => hands.sandbox.patch(task.base_commit, noSignal);

const pathsOf = (patch: string) => patchPaths(parsePatch(patch));

/** Applies a patch to a fresh work tree and gives what a script prints there. */
async function applied(patch: string, script: string): Promise<string> {
  const job = await openJobContainer(engine, {
    image: prepared.image_id,
    workdir: '/widget',
    network: 'none',
    labels: { 'tracemill.test': 'sandbox' },
    signal: undefined,
  });
  try {
    await job.putFiles([['/tmp/patch', patch]]);
    const { stdout, stderr } = await job.exec(`cd /widget && git update-index -q --refresh && git apply --index /tmp/patch && ${script}`, {
      timeoutMs: 30_000,
    });
    return stdout + stderr;
  } finally {
    await job.remove();
  }
}

describe('the patch of a work tree', () => {
  it('is empty when nothing was changed, whatever installation left there', () =>
    inRepository(async (hands) => {
      expect(await patchOf(hands)).toBe('');
      await hands.run('touch a.txt; echo more >build/x.o; echo more >>widget.egg-info/PKG');
      expect(await patchOf(hands)).toBe('');
    }));

  it('holds committed, staged and untracked changes, modes, links, deletions, binary and Latin-1 files', () =>
    inRepository(async (hands) => {
      await hands.run(`git config user.email x@example.invalid; git config user.name X
        echo three >>a.txt; git commit -qam mine; echo staged >staged.txt; git add staged.txt
        mkdir -p new/deep; printf 'no newline' >new/deep/file; chmod +x a.txt; rm link; ln -s elsewhere other
        head -c 5000 /dev/urandom >blob.bin; cp blob.bin /tmp/blob; printf 'caf\\351\\n' >'latin "1" [é].txt'; printf 'ünïcode\\n' >plain.txt`);
      const patch = await patchOf(hands);
      expect(await patchOf(hands)).toBe(patch);
      const sum = await hands.output('cat blob.bin \'latin "1" [é].txt\' | sha256sum');
      expect(patch).toContain('+ünïcode');
      expect(patch).toContain('new mode 100755');
      expect(
        await applied(
          patch,
          'cat blob.bin \'latin "1" [é].txt\' | sha256sum; cat a.txt staged.txt new/deep/file; ls -d link; readlink other; test -x a.txt && echo executable',
        ),
      ).toBe(`${sum}one\ntwo\nthree\nstaged\nno newlineelsewhere\nexecutable\nls: cannot access 'link': No such file or directory\n`);
    }));

  it('is not fooled by configuration, hooks, attributes, index or locks of the agent', () =>
    inRepository(async (hands) => {
      await hands.run(`echo changed >>a.txt; echo new >new.txt
        git config core.fsmonitor 'touch /ran'; git config diff.external 'touch /ran; true'; git config core.attributesFile /widget/.git/attrs
        git config diff.x.textconv 'touch /ran; echo'; git config filter.x.clean 'touch /ran; echo replaced'; git config diff.noprefix true
        git config core.worktree /tmp; git config color.ui always; git config core.fileMode false; git config core.hooksPath /widget/hooks
        echo '* filter=x diff=x' >.git/attrs; cp .git/attrs .git/info/attributes; echo '*' >.git/info/exclude
        git config --global core.excludesFile /root/ignore; echo '*' >/root/ignore; git config --system core.quotePath false
        git update-index --assume-unchanged a.txt; touch .git/index.lock; rm -f .git/HEAD; export GIT_DIR=/nowhere GIT_INDEX_FILE=/nowhere; rm -f /ran`);
      const patch = await patchOf(hands);
      expect(patch).toMatch(/^diff --git a\/a.txt b\/a.txt\n[^]*\n\+changed\ndiff --git a\/new.txt b\/new.txt\n[^]*\n\+new\n$/);
      expect(await hands.output('ls /ran')).toMatch(/No such file/);
    }));

  it('comes from a fresh repository when the agent destroyed its own', () =>
    inRepository(async (hands) => {
      await hands.run('echo changed >>a.txt; printf x >new.txt; rm -rf .git; git init -q; git add -A');
      const patch = await patchOf(hands);
      expect(patch).toContain('+changed');
      expect(await applied(patch, 'git diff --cached --name-only; tail -n 1 a.txt')).toBe('a.txt\nnew.txt\nchanged\n');
      await hands.run('rm -f $(command -v git)');
      expect(await patchOf(hands)).toBe(patch);
    }));

  it('has the files of repositories within the repository, but not what makes them repositories', () =>
    inRepository(async (hands) => {
      await hands.run(
        `git init -q sub; echo inner >sub/inner.txt; echo x >sub/x.log; echo '*.log' >>.gitignore; git init -q full; cd full
git -c user.email=x@e.invalid -c user.name=X commit -q --allow-empty -m x; cd ..; echo kept >kept.txt`,
      );
      expect(pathsOf(await patchOf(hands))).toEqual(['.gitignore', 'kept.txt', 'sub/inner.txt']);
    }));

  it('names what it could not take, and has all else', () =>
    inRepository(async (hands) => {
      await hands.run(`head -c 18000000 /dev/urandom >huge.bin; yes some text | head -c 18000000 >huge.txt; echo small >small.txt
        rm a.txt; mkfifo a.txt; printf '*.rc working-tree-encoding=UTF-16\n' >.gitattributes; printf odd >menu.rc`);
      const { patch, left_out } = await hands.sandbox.change(task.base_commit, noSignal);
      expect(pathsOf(patch)).toEqual(['.gitattributes', 'menu.rc', 'small.txt']);
      expect(left_out).toEqual({
        count: 3,
        files: [
          { path: 'a.txt', reason: 'not_a_file' },
          { path: 'huge.bin', reason: 'too_large' },
          { path: 'huge.txt', reason: 'too_large' },
        ],
      });
    }));

  it('is taken without its largest new files when all together are too large', () =>
    inRepository(async (hands) => {
      await hands.run(
        `for n in 1 2 3; do yes "a longer line of text, number $n" | head -c $((n * 3000000)) >new$n.txt; done; echo changed >>a.txt; git add new3.txt`,
      );
      const { patch, left_out } = await hands.sandbox.change(task.base_commit, noSignal);
      expect(pathsOf(patch)).toEqual(['a.txt', 'new1.txt', 'new3.txt']);
      expect(left_out).toEqual({ count: 1, files: [{ path: 'new2.txt', reason: 'too_large' }] });
    }));

  it('has files that the agent added although they are ignored, but not what was installed beside them', () =>
    inRepository(async (hands) => {
      await hands.run('echo table >build/table.txt; echo other >build/other.txt; git add -f build/table.txt build/out.o');
      expect(pathsOf(await patchOf(hands))).toEqual(['build/table.txt']);
      await hands.run('echo rebuilt >build/out.o');
      expect(pathsOf(await patchOf(hands))).toEqual(['build/out.o', 'build/table.txt']);
    }));

  it('interrupts a command that still runs', () =>
    inRepository(async (hands) => {
      await hands.run('echo begun >begun.txt; sleep 100', { noChangeMs: null, timeMs: 300 }, 'leave');
      expect(await patchOf(hands)).toContain('+begun');
      expect(await hands.run('echo free')).toMatchObject({ status: 'exited', output: 'free\n' });
    }));

  it('says that the container is gone', () =>
    inRepository(async (hands) => {
      await engine.container(hands.sandbox.containerId).remove();
      await expect(patchOf(hands)).rejects.toMatchObject({ name: 'SandboxGone' });
    }));
});
