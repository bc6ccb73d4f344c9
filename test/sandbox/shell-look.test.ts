import { describe, expect, it } from 'vitest';
import { parseLook, unfinishedCharacter } from '../../activities/sandbox/shell-look.ts';

const look = (text: string) => parseLook(Buffer.from(text));

describe('parseLook', () => {
  it('finds where the output of an ended command ends', () => {
    expect(look('exited 3\nMARK\n\nreading\n/srv\0some outputMARKlater')).toMatchObject({
      kind: 'known',
      status: 'exited',
      exitCode: 3,
      cut: '',
      reading: true,
      cwd: '/srv',
      outputEnd: 11,
    });
  });

  it('keeps newlines in the working directory and NUL bytes in the output', () => {
    const found = look('exited 0\nMARK\n\n\n/a\nb\0x\0yMARK');
    expect(found).toMatchObject({ cwd: '/a\nb', outputEnd: 3, reading: false });
    expect(found.kind === 'known' && found.output.toString()).toBe('x\0yMARK');
  });

  it('gives no exit code and no end for a running command', () => {
    expect(look('running\nMARK\ntime\nreading\n\0partial')).toMatchObject({
      status: 'running',
      exitCode: null,
      cut: 'time',
      outputEnd: null,
    });
  });

  it.each([
    ['asked', 'asked'],
    ['unknown', 'unknown'],
    ['lost', 'lost'],
    ['', 'lost'],
    ['nonsense', 'lost'],
    ['forged state\nM\n\n\n/\0out', 'lost'],
    ['exited 0\nM\n\n\n/\0out\0nofork\0', 'no_fork'],
  ])('reads %j as %s', (reply, kind) => {
    expect(look(reply).kind).toBe(kind);
  });

  it('takes no exit code from what is no number', () => {
    expect(look('exited 12345\nM\n\n\n/\0M')).toMatchObject({ exitCode: null });
    expect(look('exited\nM\n\n\n/\0M')).toMatchObject({ exitCode: null });
  });
});

describe('unfinishedCharacter', () => {
  const bytes = (...values: number[]) => unfinishedCharacter(Buffer.from(values));

  it.each(['é', '€', '😀'])('counts the bytes of a cut %s at every place', (char) => {
    const whole = Buffer.from(`a${char}`);
    for (let end = 2; end < whole.length; end++) expect(unfinishedCharacter(whole.subarray(0, end))).toBe(end - 1);
    expect(unfinishedCharacter(whole)).toBe(0);
  });

  it('holds nothing back of bytes that no character begins with', () => {
    expect(bytes()).toBe(0);
    expect(bytes(0x61)).toBe(0);
    expect(bytes(0x80, 0x80, 0x80, 0x80)).toBe(0);
    expect(bytes(0xff)).toBe(0);
    expect(bytes(0xf8)).toBe(0);
  });
});
