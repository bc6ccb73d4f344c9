import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { label } from '../../activities/sandbox/labels.ts';
import { prepareImage } from '../../activities/sandbox/prepare-image.ts';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import type { Task } from '../../schemas/task.ts';
import { engine, noSignal, toolchain } from './containers.ts';
import { makeTaskImage, taskFor } from './task-image.ts';

const tag = `tracemill-test/prepare:${process.pid}`;

async function inImage(image: string, script: string): Promise<string> {
  const job = await openJobContainer(engine, {
    image,
    workdir: '/widget',
    network: 'none',
    labels: { 'tracemill.test': 'sandbox' },
    signal: undefined,
  });
  try {
    const { stdout, stderr } = await job.exec(`cd /widget\n${script}`, { timeoutMs: 30_000 });
    return stdout + stderr;
  } finally {
    await job.remove();
  }
}

describe('prepareImage', () => {
  let task: Task;
  let prepared: PreparedImage;

  beforeAll(async () => {
    task = await makeTaskImage(tag);
    prepared = await prepareImage({ engine, task, signal: noSignal });
  });
  afterAll(async () => {
    for (const name of [prepared?.tag, tag]) if (name !== undefined) await engine.removeImage(name, { force: true });
  });

  it('says what it removed, reset and left', () => {
    expect(prepared).toMatchObject({
      base_commit: task.base_commit,
      workdir: '/widget',
      shell: 'bash',
      source: { name: tag },
      removed: { tags: 2, remotes: 1 },
      excluded_files: 2,
    });
    expect(prepared.removed.commits).toBeGreaterThanOrEqual(4);
    expect(prepared.removed.refs).toBeGreaterThanOrEqual(3);
    expect(prepared.removed.reflog_entries).toBeGreaterThan(0);
    expect(prepared.reset_files).toContain('run.sh');
  });

  it('leaves the base commit and its ancestors, and nothing of what came after', async () => {
    const seen = await inImage(
      prepared.image_id,
      `git log --all --oneline --format=%s; git stash list; git tag; git remote; git reflog; git branch -a
       git cat-file --batch-all-objects --batch-check | while read id type size; do git cat-file -p $id; done | grep -a -c -E 'SECRET|dangling|stashed'
       ls -A; ls /hooked /monitored 2>&1 | wc -l; git fsck --unreachable --no-reflogs 2>&1`,
    );
    expect(seen).toBe(
      'base\nfirst\n* main\n0\n.git\n.gitignore\na.txt\nbuild\ndata.bin\nlink\nodd [name].txt\nrun.sh\nwidget.egg-info\n2\n',
    );
  });

  it('leaves a clean work tree at the base commit, with what installation made', async () => {
    expect(await inImage(prepared.image_id, 'git status --porcelain; git rev-parse HEAD; cat run.sh widget.egg-info/PKG')).toBe(
      `${task.base_commit}\n#!/bin/sh\negg`,
    );
  });

  it('does it once for callers at once, and not again later', async () => {
    const other = { ...task, instance_id: 'owner__widget-2' };
    const results = await Promise.all([
      prepareImage({ engine, task, signal: noSignal }),
      prepareImage({ engine, task: other, signal: noSignal }),
    ]);
    expect(new Set(results.map(({ image_id }) => image_id))).toEqual(new Set([prepared.image_id]));
  });

  it('names what is wrong with an image', async () => {
    const code = (wrong: Task) =>
      prepareImage({ engine, task: wrong, signal: noSignal }).then(
        () => 'prepared',
        (error: { code: string }) => error.code,
      );
    expect(await code({ ...task, image_name: '127.0.0.1:9/owner/widget:1' })).toBe('image_pull_failed');
    expect(await code({ ...task, base_commit: 'a'.repeat(40) })).toBe('base_commit_missing');
    expect(await code({ ...task, workdir: '/srv' })).toBe('repository_missing');
    expect(await code(taskFor(toolchain, task.base_commit, { workdir: '/nowhere' }))).toBe('repository_missing');
  });
});

describe('prepareImage with an image that cannot be cleaned', () => {
  const broken = `tracemill-test/broken:${process.pid}`;
  const gitless = `tracemill-test/gitless:${process.pid}`;
  afterAll(async () => {
    for (const name of [broken, gitless]) await engine.removeImage(name, { force: true }).catch(() => undefined);
  });

  it('stops with the reason when objects of the base commit are missing', async () => {
    const task = await makeTaskImage(
      broken,
      'git reset -q --hard v1 && git unpack-objects -q < .git/objects/pack/*.pack; p=$(ls .git/objects/pack/*.pack); mv $p /p; rm -f .git/objects/pack/*; git unpack-objects -q </p; b=$(git rev-parse HEAD:a.txt); rm -f .git/objects/$(echo $b | cut -c1-2)/$(echo $b | cut -c3-); rm /p',
    );
    await expect(prepareImage({ engine, task, signal: noSignal })).rejects.toMatchObject({
      code: 'base_commit_incomplete',
      message: expect.stringContaining('owner__widget-1'),
    });
  });

  it('says that git is missing', async () => {
    const task = await makeTaskImage(gitless, 'rm -f $(command -v git)');
    await expect(prepareImage({ engine, task, signal: noSignal })).rejects.toMatchObject({ code: 'image_without_git' });
    const made = await engine.findImage(gitless);
    expect((await engine.listContainers([label.home])).filter(({ imageId }) => imageId === made?.id)).toEqual([]);
  });
});
