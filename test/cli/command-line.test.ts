import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commands } from '../../cli/commands.ts';
import { projectRoot } from '../../platform/home.ts';

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'tracemill-cli-'));
});

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

function tracemill(args: string[], options: { env?: Record<string, string>; program?: string } = {}) {
  const { env = {}, program = join(projectRoot, 'bin/tracemill') } = options;
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', TRACEMILL_HOME: home, NO_COLOR: '1', ...env },
  });
  return { status, stdout, stderr };
}

describe('help', () => {
  it('lists every command, examples and exit codes', () => {
    const { status, stdout } = tracemill(['--help']);
    expect(status).toBe(0);
    for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`^ {2}${name} .*${summary.slice(0, 20)}`, 'm'));
    expect(stdout).toContain('$ tracemill up');
    expect(stdout).toContain('130 interrupted');
  });

  it.each(commands.map(({ name }) => name))('of %s describes it, by "help NAME" and by "NAME --help" alike', (name) => {
    const asked = tracemill(['help', name]);
    expect(asked.status).toBe(0);
    expect(asked.stdout).toContain(`Usage: tracemill ${name}`);
    expect(tracemill([name, '--help']).stdout).toBe(asked.stdout);
  });
});

describe('wrong usage', () => {
  it('is exit code 2, on standard error, with what may have been meant', () => {
    const { status, stdout, stderr } = tracemill(['docter']);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain("unknown command 'docter'");
    expect(stderr).toContain('Did you mean doctor?');
  });

  it('covers options and their values', () => {
    expect(tracemill(['up', '--ui-prot', '1'])).toMatchObject({ status: 2, stderr: expect.stringContaining('--ui-port') });
    const budget = (...more: string[]) => tracemill(['campaign', 'budget', 'spring', ...more]);
    expect(budget()).toMatchObject({ status: 2, stderr: expect.stringContaining('name --cost-usd, --tokens or both') });
    expect(budget('--cost-usd', '-5')).toMatchObject({ status: 2, stderr: expect.stringContaining('a number of dollars') });
    expect(budget('--tokens', '1.5')).toMatchObject({ status: 2, stderr: expect.stringContaining('a whole number of tokens') });
    expect(tracemill(['up', '--ui-port', '70000'])).toMatchObject({ status: 2, stderr: expect.stringContaining('1 to 65535') });
  });
});

describe('errors', () => {
  const unreachable = { TEMPORAL_ADDRESS: '127.0.0.1:1' };

  it('show the message, what to do next and nothing else', () => {
    const { status, stdout, stderr } = tracemill(['up'], { env: unreachable });
    expect({ status, stdout }).toEqual({ status: 4, stdout: '' });
    expect(stderr).toMatch(
      /^tracemill: no Temporal server answers at 127\.0\.0\.1:1 \(namespace default, no TLS\)\n {2}→ check TEMPORAL_ADDRESS.*\n$/,
    );
  });

  it('are JSON under --json', () => {
    const { stderr } = tracemill(['--json', 'up'], { env: unreachable });
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'temporal_unreachable', hint: expect.any(String) } });
  });
});

describe('doctor', () => {
  const Report = z.object({
    ready: z.boolean(),
    checks: z.array(
      z.object({ part: z.string(), state: z.enum(['ok', 'warning', 'missing']), detail: z.string(), fix: z.string().optional() }),
    ),
  });

  it('reports as JSON what is missing and how to fix it, and exits with 4', () => {
    const { status, stdout } = tracemill(['doctor', '--json'], { env: { DOCKER_HOST: `unix://${home}/nobody.sock` } });
    expect(status).toBe(4);
    const { ready, checks } = Report.parse(JSON.parse(stdout));
    expect(ready).toBe(false);
    expect(checks).toContainEqual(expect.objectContaining({ part: 'node', state: 'ok' }));
    expect(checks).toContainEqual({ part: 'temporal', state: 'missing', detail: expect.any(String), fix: 'tracemill up' });
    expect(checks).toContainEqual({
      part: 'engine',
      state: 'missing',
      detail: expect.any(String),
      fix: expect.stringContaining('DOCKER_HOST'),
    });
    for (const { state, fix } of checks) expect(fix !== undefined).toBe(state !== 'ok');
  });
});

describe('down', () => {
  it('with nothing running says so', () => {
    expect(tracemill(['down'])).toMatchObject({ status: 0, stdout: 'nothing was running\n' });
    expect(tracemill(['down', '--json']).stdout).toBe('[]\n');
  });
});

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints a script for %s', (shell) => {
    const { status, stdout } = tracemill(['completion', shell]);
    expect(status).toBe(0);
    expect(stdout).toContain('tracemill complete --');
  });

  it('knows commands and their options', () => {
    expect(tracemill(['complete', '--', 'doc']).stdout).toMatch(/^doctor\t/m);
    expect(tracemill(['complete', '--', 'up', '--ui']).stdout).toMatch(/^--ui-port\t/m);
  });
});

describe('the launcher', () => {
  it('works through a symbolic link, as npm makes it', () => {
    const link = join(home, 'tracemill');
    symlinkSync(join(projectRoot, 'bin/tracemill'), link);
    expect(tracemill(['--version'], { program: link })).toMatchObject({ status: 0, stdout: '0.1.0\n' });
  });
});
