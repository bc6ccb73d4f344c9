import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type JobContainer, openJobContainer } from '../../activities/sandbox/job-container.ts';
import { prepareImage } from '../../activities/sandbox/prepare-image.ts';
import { readShellStart } from '../../activities/sandbox/shell-start.ts';
import { verifyPatch } from '../../activities/verification/verify.ts';
import type { PreparedImage } from '../../schemas/prepared-image.ts';
import type { Task } from '../../schemas/task.ts';
import { engine, minimal, noSignal, toolchain, withSandbox } from './containers.ts';
import { makeTaskImage } from './task-image.ts';

/** As images of SWE-bench do it: a program that only an activated environment finds, and the line that activates it. */
const environment = `
mkdir -p /opt/envs/project/bin
printf '#!/bin/sh\\necho "project $PROJECT_SETTING"\\n' >/opt/envs/project/bin/project-python
chmod +x /opt/envs/project/bin/project-python
cat >/opt/envs/activate <<'END'
use() { PATH=/opt/envs/$1/bin:$PATH; }
export PROJECT_SETTING='a "b" $c \\d'
use project
END
`;

const rc = (lines: string) => `${environment}\ncat >/root/.bashrc <<'END'\n${lines}\nEND\n`;

const images: string[] = [];
const remove = async () => {
  for (const image of images) await engine.removeImage(image, { force: true }).catch(() => undefined);
};

async function prepared(name: string, setup: string): Promise<{ task: Task; image: PreparedImage }> {
  const tag = `tracemill-test/shell-start-${name}:${process.pid}`;
  const task = await makeTaskImage(tag, setup);
  const image = await prepareImage({ engine, task, signal: noSignal });
  images.push(image.tag, tag);
  return { task, image };
}

describe('an image that activates its environment in ~/.bashrc', () => {
  let task: Task;
  let image: PreparedImage;
  beforeAll(async () => {
    // Both guards that such files begin with, so that scripts do not read on.
    const lines = `case $- in *i*) ;; *) return ;; esac\n[ -z "$PS1" ] && return\necho welcome; echo trouble >&2\n. /opt/envs/activate\ntouch /widget/made-by-bashrc`;
    ({ task, image } = await prepared('activating', rc(lines)));
  });
  afterAll(remove);

  it('says what was set up, and keeps what the files wrote out of the image', async () => {
    expect(image.shell_start).toMatchObject({ ending: 'read', variables: ['PATH', 'PROJECT_SETTING'], left_out: [], functions: 1 });
    expect(image.excluded_files).toBe(2);
  });

  it('gives it to the shell of a rollout, also to the one that replaces a killed shell', async () => {
    await withSandbox(
      async (hands) => {
        const expected = 'project a "b" $c \\d\n';
        expect(await hands.output('project-python')).toBe(expected);
        expect(await hands.output('bash -c project-python; ls made-by-bashrc')).toContain(expected);
        expect(await hands.output('use other; echo ${PATH%%:*}')).toBe('/opt/envs/other/bin\n');
        await hands.run('exit 3');
        expect(await hands.output('project-python; type -t use')).toBe(`${expected}function\n`);
      },
      { image: image.image_id, workdir: '/widget' },
    );
  });

  it('gives it to the test commands', async () => {
    const diff = (path: string) =>
      `diff --git a/${path} b/${path}\nnew file mode 100644\n--- /dev/null\n+++ b/${path}\n@@ -0,0 +1 @@\n+new\n`;
    const checked: Task = {
      ...task,
      patch: diff('fix.txt'),
      test_patch: diff('tests/new.txt'),
      install_config: {
        test_cmd: ['project-python >/dev/null && use project && [ -f fix.txt ] && echo PASSED t || echo FAILED t'],
        log_parser: 'parse_log_pytest',
      },
    };
    const verify = (modelPatch: string) => verifyPatch({ engine, task: checked, image: image.image_id, modelPatch, timeoutMs: 60_000 });
    expect((await verify(checked.patch)).verdict).toMatchObject({ resolved: 1 });
    expect((await verify(diff('other.txt'))).verdict).toMatchObject({ resolved: 0, reason: 'tests' });
  });
});

describe('start files', () => {
  let job: JobContainer;
  beforeAll(async () => {
    job = await openJobContainer(engine, { image: toolchain, network: 'none', labels: { 'tracemill.test': 'sandbox' }, signal: undefined });
    await job.exec(environment, { timeoutMs: 10_000 });
  });
  afterAll(() => job.remove());

  /** Of root's home, and one of the system's. */
  const started = async (files: Record<string, string>, patienceMs?: number) => {
    await job.exec('rm -f ~/.bashrc ~/.profile ~/.bash_profile ~/.bash_login /etc/profile.d/project.sh', { timeoutMs: 10_000 });
    await job.putFiles(Object.entries(files));
    return await readShellStart(job, '/', patienceMs);
  };
  const activate = '. /opt/envs/activate\n';
  const activated = ['PATH', 'PROJECT_SETTING'];

  it.each([
    ['ends the shell', `${activate}exit 5\nexport LATER=1`, { ending: 'exited', variables: activated }],
    ['fails', `set -e\n${activate}false\nexport LATER=1`, { ending: 'exited', variables: activated }],
    ['is broken', 'no-such-program\nexport A=1\nif', { ending: 'read' }],
    ['starts another shell', `${activate}x=$(exec echo 1)\nexec 5>&1\nexec zsh`, { ending: 'replaced', variables: activated }],
    ['starts another shell by all means', `${activate}builtin exec sh`, { ending: 'replaced', variables: [] }],
    ['asks', 'read -p "continue? " answer\nexport A=1', { ending: 'read', variables: ['A'] }],
    ['traces', 'set -x\nexport A=1', { ending: 'read', variables: ['A'] }],
    ['has aliases', "alias use-it='true'\nalias cat=false printf=false\nexport A=1", { ending: 'read', variables: ['A'] }],
  ])('one that %s is survived', async (_, lines, start) => {
    expect((await started({ '/root/.bashrc': lines })).record).toMatchObject(start);
  });

  it.each([
    ['/root/.bash_profile', '/root/.profile', ''],
    ['/root/.bash_login', '/root/.bashrc', '[ -f ~/.bashrc ] && . ~/.bashrc\n'],
    ['/etc/profile.d/project.sh', '/root/.bashrc', ''],
  ])('of logins count: %s', async (path, other, first) => {
    const { record, functions } = await started({ [path]: first + activate, [other]: 'export OTHER=1\n' });
    expect(record).toMatchObject({ ending: 'read', login_ending: 'read', left_out: [] });
    expect(record.variables).toEqual(other === '/root/.profile' ? activated : ['OTHER', ...activated]);
    expect(functions).toContain('use ()');
  });

  it('that do not end are given up', async () => {
    const files = { '/root/.bashrc': 'export A=1\nsleep 600\nexport B=1\n', '/root/.bash_profile': 'while :; do :; done\n' };
    expect((await started(files, 1500)).record).toEqual({
      ending: 'timed_out',
      login_ending: 'timed_out',
      variables: ['A'],
      left_out: [],
      functions: 0,
    });
    expect((await job.exec('echo on', { timeoutMs: 10_000 })).stdout).toBe('on\n');
  });

  it('are read in an image whose own shells print', async () => {
    const printing = await openJobContainer(engine, {
      image: toolchain,
      network: 'none',
      labels: { 'tracemill.test': 'sandbox' },
      env: ['BASH_ENV=/etc/env.sh', 'SHELLOPTS=braceexpand:hashall:xtrace', 'LD_PRELOAD=/usr/lib/none.so'],
      signal: undefined,
    });
    try {
      await printing.putFiles([
        ['/etc/env.sh', 'echo "Welcome to the build image"\n'],
        ['/root/.bashrc', 'export A=1\n'],
      ]);
      expect((await readShellStart(printing, '/')).record).toMatchObject({ ending: 'read', variables: ['A'] });
      expect(await printing.exec('echo said', { timeoutMs: 10_000 })).toMatchObject({ stdout: 'said\n', stderr: '' });
    } finally {
      await printing.remove();
    }
  });

  it('are not looked for in an image without bash', async () => {
    const small = await openJobContainer(engine, {
      image: minimal,
      network: 'none',
      labels: { 'tracemill.test': 'sandbox' },
      signal: undefined,
    });
    try {
      expect((await readShellStart(small, '/')).record).toMatchObject({ ending: 'no_bash', variables: [], left_out: [], functions: 0 });
    } finally {
      await small.remove();
    }
  });
});
