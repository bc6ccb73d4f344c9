import { describe, expect, it } from 'vitest';
import { minimal, toolchain, withSandbox } from './containers.ts';

describe.each([
  ['bash', toolchain, 'bash'],
  ['sh (busybox)', minimal, 'sh'],
])('what a command prints in %s', (_name, image, shell) => {
  it('names the shell in messages, and no file of ours', () =>
    withSandbox(
      async (hands) => {
        expect(await hands.output('nothing-here')).toMatch(new RegExp(`^${shell}: nothing-here: (command )?not found\n$`));
        expect(await hands.output('echo a\nnothing-here')).toMatch(
          new RegExp(`^a\n${shell}: line 2: nothing-here: (command )?not found\n$`),
        );
        expect(await hands.output('f() { cd /nowhere; }; f; echo ${no_such?is missing}')).not.toContain('tracemill');
        expect(await hands.output('echo "unclosed')).toMatch(new RegExp(`^${shell}: `));
        expect(await hands.output('echo ok; )')).not.toContain('tracemill');
        expect(await hands.output('. /etc/nothing.sh')).not.toContain('tracemill');
        expect(await hands.output('echo nothing-here >/tmp/x.sh; . /tmp/x.sh')).toContain('/tmp/x.sh: line 1: nothing-here');
      },
      { image },
    ));

  it('comes whole where the shell lists its variables, and shows no marker', () =>
    withSandbox(
      async (hands) => {
        await hands.run('zz_last=1');
        expect(await hands.output('set')).toContain('zz_last=');
        await hands.run('set -a; zz_exported=1');
        const exported = await hands.output('env; set +a');
        expect(exported).toContain('zz_exported=1');
        // Other shells than bash cannot take the export of a variable back.
        expect(exported.includes('__tm')).toBe(shell !== 'bash');
        expect(await hands.output('echo "[${OLDPWD-}]"; env')).not.toContain('tracemill');
      },
      { image },
    ));

  it('has no escape sequences, also where it is read in parts', () =>
    withSandbox(
      async (hands) => {
        expect(await hands.output("printf 'a\\033[31mred\\033[0m\\r\\n\\033]0;t\\007b\\n'")).toBe('ared\nb\n');
        const first = await hands.run("printf 'x\\033[3'; sleep 2; printf '1mred\\033[0m\\n'", { noChangeMs: null, timeMs: 700 }, 'leave');
        expect(first).toMatchObject({ status: 'running', output: 'x', output_offset: 1 });
        const running = { action: hands.action, output_offset: first.output_offset };
        const rest = await hands.perform({ kind: 'wait', running, waiting: { noChangeMs: null, timeMs: 30_000 } });
        expect(rest).toMatchObject({ status: 'exited', output: 'red\n' });
      },
      { image },
    ));
});
