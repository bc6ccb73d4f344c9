import { describe, expect, it } from 'vitest';
import { shellStartOf } from '../../activities/sandbox/shell-start.ts';

const block = (variables: Record<string, string>) =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\0`)
    .join('');
const printed = (how: string, before: Record<string, string>, after: Record<string, string>, functions = '') =>
  `Welcome\n\0\0${how}\0\0${block(before)}\0\0${block(after)}\0\0${functions}`;
const nothing = printed('read', {}, {});
const valuesOf = (...passes: [rc: string, login: string]) =>
  Object.fromEntries(shellStartOf(...passes).variables.map(([name, line]) => [name, /"(.*)"/.exec(line)?.[1]]));

describe('shellStartOf', () => {
  it('gives what the start files added or changed, in order, and not what belongs to one shell', () => {
    const before = { PATH: '/bin', HOME: '/root', KEPT: '1' };
    const after = { ...before, PATH: '/opt/env/bin:/bin', CONDA_PREFIX: '/opt/env', PWD: '/x', SHLVL: '3', PS1: '(env) ', _: '/bin/cat' };
    expect(shellStartOf(printed('read', before, after), nothing)).toEqual({
      record: { ending: 'read', login_ending: 'read', variables: ['CONDA_PREFIX', 'PATH'], left_out: [], functions: 0 },
      variables: [
        ['CONDA_PREFIX', 'ENV CONDA_PREFIX="/opt/env"'],
        ['PATH', 'ENV PATH="/opt/env/bin:/bin"'],
      ],
      functions: '',
    });
  });

  it('keeps functions, and what was set before a file ended the shell', () => {
    const functions = 'conda () \n{ \n    echo\n}\nother () \n{ \n    :\n}\n';
    for (const how of ['exited', 'replaced', 'timed_out']) {
      expect(shellStartOf(printed(how, {}, { A: 'x=y' }, functions), printed('read', {}, {}, functions))).toMatchObject({
        record: { ending: how, variables: ['A'], functions: 2 },
        variables: [['A', 'ENV A="x=y"']],
        functions,
      });
    }
  });

  it('names what an image cannot keep', () => {
    const after = { LINES_OF_TEXT: 'a\nb', LARGE: 'x'.repeat(70_000), SMALL: 'y', 'BASH_FUNC_f%%': '() { :; }', 'odd.name': '1' };
    const { record, functions } = shellStartOf(printed('read', {}, after, 'x'.repeat(600_000)), nothing);
    expect(record).toEqual({
      ending: 'read',
      login_ending: 'read',
      variables: [],
      left_out: ['LARGE', 'LINES_OF_TEXT', 'SMALL', 'odd.name', 'functions'],
      functions: 0,
    });
    expect(functions).toBe('');
  });

  it('keeps nothing without bash, and of a shell that left nothing', () => {
    for (const [output, ending] of [
      ['\0\0none', 'no_bash'],
      ['\0\0replaced', 'replaced'],
      ['\0\0timed_out', 'timed_out'],
      ['', 'replaced'],
      ['\0\0read\0\0A=1\0', 'replaced'],
    ] as const) {
      expect(shellStartOf(output, output)).toEqual({
        record: { ending, login_ending: ending, variables: [], left_out: [], functions: 0 },
        variables: [],
        functions: '',
      });
    }
  });
});

describe('the files of a login', () => {
  const before = { PATH: '/usr/local/go/bin:/usr/bin:/bin', LANG: 'C.UTF-8', JAVA_HOME: '/opt/java' };
  const login = (after: Record<string, string>) => printed('read', before, { ...before, ...after });

  it('add variables, but change none of the image, and none that every login sets', () => {
    const after = { SDK: '1', LANG: 'en_US.UTF-8', LC_ALL: 'C', MAIL: '/var/mail/root', JAVA_HOME: '/usr/lib/jvm/default' };
    expect(valuesOf(printed('read', before, before), login(after))).toEqual({ SDK: '1' });
  });

  it('overrule ~/.bashrc, which they read first', () => {
    const rc = printed('read', before, { ...before, CONDA_PREFIX: '/opt/conda', ONLY_RC: '1' });
    expect(valuesOf(rc, login({ CONDA_PREFIX: '/opt/conda/envs/project' }))).toEqual({
      CONDA_PREFIX: '/opt/conda/envs/project',
      ONLY_RC: '1',
    });
  });

  it.each([
    // As Debian's /etc/profile does: PATH is set back before the files of /etc/profile.d put theirs in front.
    ['/opt/sdk/bin:/usr/local/sbin:/usr/bin:/bin:/opt/late/bin', '/opt/sdk/bin:/usr/local/go/bin:/usr/bin:/bin:/opt/late/bin'],
    ['/usr/local/sbin:/usr/local/bin:/usr/bin:/bin', undefined],
    ['', undefined],
    ['/only/new', '/only/new:/usr/local/go/bin:/usr/bin:/bin'],
  ])('add folders to PATH, and take none away: %s', (after, path) => {
    expect(valuesOf(printed('read', before, before), login({ PATH: after }))).toEqual(path === undefined ? {} : { PATH: path });
  });

  it('add folders to the PATH of ~/.bashrc', () => {
    const rc = printed('read', before, { ...before, PATH: `/opt/env/bin:${before.PATH}` });
    expect(valuesOf(rc, login({ PATH: `/opt/sdk/bin:/opt/env/bin:${before.PATH}` }))['PATH']).toBe(
      `/opt/sdk/bin:/opt/env/bin:${before.PATH}`,
    );
  });
});
