import { describe, expect, it } from 'vitest';
import { dockerInspection } from '../engine/engines.ts';
import { minimal, openSandbox, request, toolchain, withSandbox } from './containers.ts';

describe.each([
  ['bash', toolchain],
  ['sh (busybox)', minimal],
])('a container whose inside does harm, %s', (_name, image) => {
  it('is usable again after everything in it was killed', () =>
    withSandbox(
      async (hands) => {
        await hands.run('sleep 300 &');
        expect(await hands.run('kill -9 -1; true')).toMatchObject({ exit_code: 0 });
        expect(await hands.run('echo alive')).toMatchObject({ status: 'exited', output: expect.stringMatching(/alive\n$/) });
      },
      { image },
    ));

  it(
    'is usable again after its state was destroyed',
    () =>
      withSandbox(
        async (hands) => {
          const harm = [
            'rm -rf /run/tracemill/*',
            'rm -rf /run/tracemill/.[a-z]* /run/tracemill/[a-m]*',
            'rm -f /run/tracemill/begun; mkdir /run/tracemill/begun',
            'rm -f /run/tracemill/cur; ln -s /dev/zero /run/tracemill/cur',
            'for f in /run/tracemill/*; do rm -rf $f; ln -s /etc/passwd $f; done',
            'for f in /run/tracemill/*; do rm -rf $f; mkfifo $f; done',
          ];
          for (const command of harm) {
            await hands.run(command);
            await hands.run('true');
            expect(await hands.run('echo usable')).toMatchObject({ status: 'exited', output: 'usable\n' });
          }
          expect(await hands.output('grep -c root: /etc/passwd')).toMatch(/^\d+\n$/);
        },
        { image },
      ),
    120_000,
  );

  it('is usable again when its room for state is filled', () =>
    withSandbox(
      async (hands) => {
        await hands.run('cat /dev/zero >/run/tracemill/fill; true');
        const full = await hands.run('echo maybe');
        expect(['exited', 'killed', 'refused']).toContain(full.status);
        await hands.run('rm -f /run/tracemill/fill');
        await hands.run('rm -f /run/tracemill/fill');
        expect(['exited', 'killed', 'refused']).toContain((await hands.run('true')).status);
      },
      { image },
    ));

  it('does not hang on forged ends of commands', () =>
    withSandbox(
      async (hands) => {
        const forged = await hands.run(
          'read n m s </run/tracemill/cur; printf "exited 0\\n/forged\\n.\\n" >/run/tracemill/st.$s; for i in 1 2 3; do printf "done $n\\n" 1<>/run/tracemill/ev; done; sleep 0.5; echo late',
        );
        expect(forged.status).toBe('exited');
        await hands.run('sleep 0.6');
        expect(await hands.run('echo next')).toMatchObject({ output: expect.stringContaining('next\n') });
      },
      { image },
    ));

  it('is not held up by a flood of forged events', () =>
    withSandbox(
      async (hands) => {
        await hands.run('(while :; do printf "done 1\\ndone 2\\ndone 3\\n" 1<>/run/tracemill/ev; done) & sleep 1');
        expect(await hands.run('sleep 2; echo calm')).toMatchObject({ status: 'exited', output: 'calm\n' });
      },
      { image },
    ));
});

describe('a container that uses itself up', () => {
  it(
    'is usable again after a fork bomb',
    () =>
      withSandbox(async (hands) => {
        const bomb = await hands.run('b() { b | b & }; b; sleep 2; for i in 1 2 3 4 5 6 7 8 9; do sleep 1; done', {
          noChangeMs: null,
          timeMs: 3000,
        });
        expect(bomb.status).not.toBe('running');
        await hands.run('true', { noChangeMs: null, timeMs: 20_000 });
        await hands.run('kill -9 -1', { noChangeMs: null, timeMs: 20_000 });
        expect(await hands.run('ls / >/dev/null && echo usable')).toMatchObject({ status: 'exited', output: 'usable\n' });
      }),
    120_000,
  );

  it('loses the process that takes too much memory, not the shell', () =>
    withSandbox(async (hands) => {
      const greedy = await hands.run("export KEPT=1; python3 -c 'x = bytearray(600 * 1024 * 1024)'");
      expect(greedy).toMatchObject({ status: 'exited', exit_code: 137 });
      expect(await hands.output('echo $KEPT')).toBe('1\n');
    }));

  it('shows the agent neither network, nor secrets, nor Tracemill’s programs', () =>
    withSandbox(async (hands) => {
      process.env['TRACEMILL_TEST_SECRET'] = 'never-in-there';
      const seen = await hands.output(
        "env; ls /sys/class/net; ps axww -o args; cat /proc/1/environ | tr '\\0' '\\n'; ls -la /var/run/docker.sock 2>&1",
      );
      expect(seen).not.toContain('never-in-there');
      expect(seen).toContain('\nlo\n');
      expect(seen).not.toMatch(/\neth\d/);
      expect(seen).toContain('No such file');
      expect(seen.length).toBeLessThan(4000);
    }));

  it('has its limits and nothing else from the engine', async () => {
    const { sandbox } = await openSandbox(request());
    try {
      const { HostConfig, Config } = await dockerInspection(sandbox.containerId);
      expect(HostConfig).toMatchObject({
        NetworkMode: 'none',
        Memory: 256 * 1024 ** 2,
        MemorySwap: 256 * 1024 ** 2,
        NanoCpus: 1e9,
        PidsLimit: 150,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        Privileged: false,
        LogConfig: { Type: 'none' },
      });
      expect(HostConfig.Binds ?? []).toEqual([]);
      expect(Config.Labels).toMatchObject({ 'tracemill.kind': 'rollout', 'tracemill.campaign': 'sandbox-test' });
    } finally {
      await sandbox.remove();
    }
  });
});
