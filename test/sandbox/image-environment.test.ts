import { describe, expect, it } from 'vitest';
import { completedPath, environmentLine, workdirLine } from '../../activities/sandbox/image-environment.ts';

describe('completedPath', () => {
  it.each([
    [['PATH=/opt/tool/bin'], '/opt/tool/bin:/usr/bin:/bin'],
    [['PATH=/usr/bin', 'LANG=C'], '/usr/bin:/bin'],
    [['PATH='], '/usr/bin:/bin'],
    [['PATH=:/a:'], '/a:/usr/bin:/bin'],
    [['PATH=/usr/local/bin:/usr/bin:/bin'], undefined],
    [['LANG=C'], undefined],
  ])('%j: %s', (env, path) => expect(completedPath(env)).toBe(path));
});

it('writes values and folders for a Dockerfile', () => {
  expect(environmentLine(['A', 'say "$HOME" \\ end'])).toBe('ENV A="say \\"\\$HOME\\" \\\\ end"');
  for (const unkept of [
    ['A', 'a\nb'],
    ['odd.name', '1'],
    ['A', 'x'.repeat(70_000)],
  ] as const)
    expect(environmentLine(unkept)).toBeUndefined();
  expect(workdirLine('/my $dir/ä')).toBe('WORKDIR "/my \\$dir/ä"');
});
