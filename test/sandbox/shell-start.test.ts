import { describe, expect, it } from 'vitest';
import { environmentLine, shellStartOf } from '../../activities/sandbox/shell-start.ts';

const block = (variables: Record<string, string>) =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\0`)
    .join('');
const printed = (how: string, before: Record<string, string>, after: Record<string, string>, functions = '') =>
  `Welcome\n\0\0${how}\0\0${block(before)}\0\0${block(after)}\0\0${functions}`;

describe('shellStartOf', () => {
  it('gives what the start files added or changed, in order, and not what belongs to one shell', () => {
    const before = { PATH: '/bin', HOME: '/root', KEPT: '1' };
    const after = { ...before, PATH: '/opt/env/bin:/bin', CONDA_PREFIX: '/opt/env', PWD: '/x', SHLVL: '3', PS1: '(env) ', _: '/bin/cat' };
    expect(shellStartOf(printed('read', before, after))).toEqual({
      record: { ending: 'read', variables: ['CONDA_PREFIX', 'PATH'], left_out: [], functions: 0 },
      variables: [
        ['CONDA_PREFIX', '/opt/env'],
        ['PATH', '/opt/env/bin:/bin'],
      ],
      functions: '',
    });
  });

  it('keeps functions, and what was set before a file ended the shell', () => {
    const functions = 'conda () \n{ \n    echo\n}\nother () \n{ \n    :\n}\n';
    expect(shellStartOf(printed('exited', {}, { A: 'x=y' }, functions))).toMatchObject({
      record: { ending: 'exited', variables: ['A'], functions: 2 },
      variables: [['A', 'x=y']],
      functions,
    });
  });

  it('names what an image cannot keep', () => {
    const after = { LINES_OF_TEXT: 'a\nb', LARGE: 'x'.repeat(70_000), SMALL: 'y', 'BASH_FUNC_f%%': '() { :; }', 'odd.name': '1' };
    const { record, functions } = shellStartOf(printed('read', {}, after, 'x'.repeat(600_000)));
    expect(record).toEqual({
      ending: 'read',
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
      ['', 'replaced'],
      ['\0\0read\0\0A=1\0', 'replaced'],
    ] as const) {
      expect(shellStartOf(output)).toEqual({ record: { ending, variables: [], left_out: [], functions: 0 }, variables: [], functions: '' });
    }
  });
});

it('writes values for a Dockerfile', () => {
  expect(environmentLine(['A', 'say "$HOME" \\ end'])).toBe('ENV A="say \\"\\$HOME\\" \\\\ end"');
});
