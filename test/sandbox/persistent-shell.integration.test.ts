import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Waiting } from '../../activities/sandbox/contract.ts';
import { Hands, minimal, openSandbox, patient, request, toolchain, withSandbox } from './containers.ts';

const brief: Waiting = { noChangeMs: null, timeMs: 400 };

describe.each([
  ['bash', toolchain],
  ['sh (busybox)', minimal],
])('the persistent shell, %s', (_name, image) => {
  let hands: Hands;

  beforeAll(async () => {
    hands = new Hands((await openSandbox(request({ image }))).sandbox);
  }, 60_000);
  afterAll(() => hands.sandbox.remove());

  it('keeps directory, variables and functions between commands', async () => {
    await hands.run('mkdir -p /srv/a && cd /srv/a && export WORD=kept && greet() { echo "hello $1"; }');
    const result = await hands.run('echo $WORD; greet you; pwd');
    expect(result).toMatchObject({ status: 'exited', exit_code: 0, output: 'kept\nhello you\n/srv/a\n', cwd: '/srv/a', truncated: false });
  });

  it('gives stdout and stderr in the order they came, and the exit code', async () => {
    const result = await hands.run('echo one; echo two >&2; echo three; ls /nowhere 2>/dev/null');
    expect(result.output).toBe('one\ntwo\nthree\n');
    expect(result.exit_code).not.toBe(0);
    expect(await hands.output('echo $?')).toBe(`${result.exit_code}\n`);
  });

  it('reads here-documents, several lines and text that looks like shell syntax', async () => {
    expect(await hands.output(`cat <<'END'\n$HOME 'single' "double" \\ \`tick\`\nEND\necho after`)).toBe(
      '$HOME \'single\' "double" \\ `tick`\nafter\n',
    );
    expect(await hands.output("for i in 1 2; do\n  printf '%s;' $i\ndone")).toBe('1;2;');
  });

  it('reports a syntax error and lives on', async () => {
    const result = await hands.run('if then');
    expect(result.exit_code).not.toBe(0);
    expect(result.output).toMatch(/syntax error|unexpected/);
    expect(await hands.output('echo alive')).toBe('alive\n');
  });

  it('takes a command of one megabyte', async () => {
    const word = 'é'.repeat(500_000);
    expect(await hands.output(`text='${word}'; echo \${#text}`)).toMatch(/^(500000|1000000)\n$/);
  });

  it('refuses a command with a NUL byte', async () => {
    expect(await hands.run('echo \0')).toMatchObject({ status: 'refused', exit_code: null });
  });

  it('gives all bytes of binary output, invalid UTF-8 replaced', async () => {
    const result = await hands.run("printf 'a\\000b\\377c\\n'");
    expect(result.output).toBe('a\0b\ufffdc\n');
  });

  it('opens a new shell when a command ends the shell', async () => {
    expect(await hands.run('echo bye; exit 7')).toMatchObject({ status: 'shell_exited', exit_code: 7, output: 'bye\n' });
    expect(await hands.run('exec false')).toMatchObject({ status: 'shell_exited', exit_code: 1 });
    expect(await hands.run('kill -9 $$')).toMatchObject({ status: 'shell_exited', exit_code: 137 });
    expect(await hands.run('echo "[$WORD]"')).toMatchObject({ status: 'exited', output: '[]\n', cwd: '/srv' });
  });

  it('survives what commands do to their shell', async () => {
    const hostile = [
      'exec >/dev/null',
      'exec 2>&- 1>&-',
      'set -u; set -f; set -C',
      "IFS=xyz; PS1='$ '; PS2=",
      "trap 'echo trapped' INT TERM EXIT",
      'alias eval=false; alias read=false',
      'unset PATH; PATH=/usr/local/bin:/usr/bin:/bin',
      'cd /; umask 777; umask 022',
    ];
    for (const command of hostile) expect(await hands.run(command)).toMatchObject({ status: 'exited', exit_code: 0 });
    expect(await hands.output('echo still here')).toBe('still here\n');
    await hands.run('exit 0');
  });

  it('ends the shell by its own rules under set -e', async () => {
    expect(await hands.run('set -e')).toMatchObject({ status: 'exited' });
    expect(await hands.run('echo fine')).toMatchObject({ status: 'exited', output: 'fine\n' });
    expect(await hands.run('false; echo unreached')).toMatchObject({ status: 'shell_exited', exit_code: 1, output: '' });
    expect(await hands.output('echo back')).toBe('back\n');
  });

  it('keeps background processes over commands and drains what they print', async () => {
    await hands.run(
      '(while :; do echo 0123456789012345678901234567890123456789; i=$((i+1)); echo $i >/srv/ticks; [ $i -lt 2500 ] || exit; done) & echo $! >/srv/pid',
    );
    await hands.run('echo other');
    await hands.run('echo another');
    expect(await hands.output('while kill -0 $(cat /srv/pid) 2>/dev/null; do sleep 0.05; done; cat /srv/ticks')).toBe('2500\n');
  });

  it('keeps the first part of endless output and does not hold the command up', async () => {
    const result = await hands.run('yes 0123456 | head -c 30000000; echo end >&2; echo finished >/srv/finished');
    expect(result).toMatchObject({ status: 'exited', truncated: true, output_offset: 100_000 });
    expect(result.output).toHaveLength(100_000);
    expect(await hands.output('cat /srv/finished')).toBe('finished\n');
  });

  it('leaves a command running at the time limit and takes it up again', async () => {
    const first = await hands.run('echo begin; sleep 1; echo end; exit_code() { return 3; }; exit_code', brief, 'leave');
    expect(first).toMatchObject({ status: 'running', limit: 'time', output: 'begin\n', exit_code: null, cwd: null });
    expect(await hands.run('echo no')).toMatchObject({ status: 'refused' });
    const running = { action: hands.action - 1, output_offset: first.output_offset };
    expect(await hands.perform({ kind: 'wait', running, waiting: patient })).toMatchObject({
      status: 'exited',
      exit_code: 3,
      output: 'end\n',
    });
  });

  it('stops waiting when nothing new is printed, and only then', async () => {
    const quiet: Waiting = { noChangeMs: 600, timeMs: null };
    const result = await hands.run('for i in 1 2 3 4; do echo $i; sleep 0.4; done; sleep 30', quiet, 'leave');
    expect(result).toMatchObject({ status: 'running', limit: 'no_change', output: '1\n2\n3\n4\n' });
    const running = { action: hands.action, output_offset: result.output_offset };
    expect(await hands.perform({ kind: 'key', running, key: 'C-c', waiting: patient })).not.toMatchObject({ status: 'running' });
  });

  it('types into a running command, and ends its input with C-d', async () => {
    const asked = await hands.run('read name; echo "hello $name"; cat; echo over', brief, 'leave');
    const running = { action: hands.action, output_offset: asked.output_offset };
    const answered = await hands.perform({ kind: 'input', running, text: 'you', waiting: brief });
    expect(answered).toMatchObject({ status: 'running', output: 'hello you\n' });
    const typed = await hands.perform({
      kind: 'input',
      running: { ...running, output_offset: answered.output_offset },
      text: 'line',
      waiting: brief,
    });
    expect(typed).toMatchObject({ status: 'running', output: 'line\n' });
    const ended = await hands.perform({
      kind: 'key',
      running: { ...running, output_offset: typed.output_offset },
      key: 'C-d',
      waiting: patient,
    });
    expect(ended).toMatchObject({ status: 'exited', exit_code: 0, output: 'over\n' });
  });

  it('kills what ignores an interrupt at the time limit', async () => {
    const result = await hands.run("trap '' INT TERM; while :; do sleep 1; done", brief);
    expect(result).toMatchObject({ status: 'killed', limit: 'time' });
    expect(await hands.output('echo usable')).toBe('usable\n');
  }, 20_000);
});

describe('the persistent shell of bash', () => {
  it('ends the whole command line at C-c, not just the running program', () =>
    withSandbox(async (hands) => {
      const started = await hands.run('sleep 30; echo unreached', brief, 'leave');
      const running = { action: hands.action, output_offset: started.output_offset };
      expect(await hands.perform({ kind: 'key', running, key: 'C-c', waiting: patient })).toMatchObject({
        status: 'exited',
        exit_code: 130,
        output: '',
      });
      const cut = await hands.run('for i in 1 2; do sleep 20; done; echo unreached', brief);
      expect(cut).toMatchObject({ status: 'killed', limit: 'time', exit_code: 130 });
      expect(await hands.output('echo free')).toBe('free\n');
    }));

  it('lets a program handle the interrupt itself', () =>
    withSandbox(async (hands) => {
      const started = await hands.run(
        'python3 -c \'import time\ntry: time.sleep(30)\nexcept KeyboardInterrupt: print("caught")\'',
        { noChangeMs: null, timeMs: 1500 },
        'leave',
      );
      const running = { action: hands.action, output_offset: started.output_offset };
      expect(await hands.perform({ kind: 'key', running, key: 'C-c', waiting: patient })).toMatchObject({ output: 'caught\n' });
    }));

  it('survives redefined builtins', () =>
    withSandbox(async (hands) => {
      await hands.run('printf() { echo fake; }; read() { :; }; trap() { :; }; eval() { echo fake; }; exit() { :; }; .() { :; }');
      expect(await hands.run('printf x; false')).toMatchObject({ status: 'exited', exit_code: 1, output: 'fake\n' });
      expect(await hands.output('echo plain')).toBe('plain\n');
    }));
});
