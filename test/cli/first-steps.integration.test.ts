import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { startTeacher, type RunningTeacher } from '../../demo/scripted-teacher/server.ts';
import { backgroundWorker } from '../../infra/worker-process.ts';
import type { ScriptedCall, ScriptedTurn } from '../../schemas/teacher-script.ts';
import { forgetBackground, recordBackground } from '../../platform/background-process.ts';
import { pagesProcess } from '../../web/server/live/page-address.ts';
import { TestHome, type CommandResult } from '../e2e/test-home.ts';

const files = {
  'package.json': '{ "name": "shout", "license": "MIT", "type": "module", "scripts": { "test": "node --test" } }\n',
  'shout.js': 'export const shout = (text) => text.toUpperCase();\n',
  'test/shout.test.js': `import assert from 'node:assert';
import test from 'node:test';
import { shout } from '../shout.js';

test('shouts', () => assert.equal(shout('a'), 'A!'.slice(0, shout('a').length)));
`,
};
const fixed = 'export const shout = (text) => `${text.toUpperCase()}!`;\n';
const moreTests = `${files['test/shout.test.js']}
test('ends in an exclamation mark', () => assert.equal(shout('b'), 'B!'));
`;

let home: TestHome;
let repository: string;
let teacher: RunningTeacher;
let made: CommandResult;
let started: CommandResult;
let built: CommandResult;
let uninstalled: CommandResult;
let dry: CommandResult;
let unanswered: CommandResult;
/** The command line of `tracemill run`, less what it is asked or told. */
let wish: string[];

const git = (...args: string[]) =>
  execFileSync('git', ['-C', repository, '-c', 'user.name=t', '-c', 'user.email=t@example.invalid', ...args], { encoding: 'utf8' });

function commit(message: string, changes: Record<string, string>): void {
  for (const [path, text] of Object.entries(changes)) {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    writeFileSync(join(repository, path), text);
  }
  git('add', '--all');
  git('commit', '--quiet', '-m', message);
}

const turn = (text: string, ...calls: ScriptedCall[]): ScriptedTurn => ({
  text,
  reasoning: 'Let me see.',
  calls,
  repeat: 1,
  misbehave: [],
});

beforeAll(async () => {
  home = new TestHome('first-steps');
  repository = join(home.folder, 'work', 'shout');
  mkdirSync(repository, { recursive: true });
  git('init', '--quiet', '.');
  git('remote', 'add', 'origin', 'https://token:x@git.example.invalid/acme/tools/shout.git');
  commit('First', files);
  commit('Shout with an exclamation mark\n\n`shout("a")` gives `A`; it should give `A!`.', {
    'shout.js': fixed,
    'test/shout.test.js': moreTests,
  });
  commit('Something later', { 'README.md': 'later\n' });
  teacher = await startTeacher({
    scripts: [
      {
        name: 'fixes it',
        match: { task: 'Shout with an exclamation mark', headers: {} },
        values: {},
        turns: [
          turn('I look around.', { run: 'cd /shout && git log --oneline && ls' }),
          turn('Now the change.', { run: `cd /shout && cat > shout.js <<'END'\n${fixed}END` }),
          turn('', { finish: 'Done.' }),
        ],
        afterwards: 'repeat_last',
        reasoning_field: 'reasoning_content',
        latency_ms: 20,
      },
    ],
  });
  process.chdir(home.folder);
  wish = ['run', 'task.yaml', '--model', 'm', '--base-url', teacher.url, '--thinking', 'always', '--price', '1,2'];
  made = await home.run('task', 'init', repository, '--commit', 'HEAD~1', '--gate-runs', '1', '--output', 'task.yaml', '--json');
  const dockerfile = join(home.folder, 'Dockerfile');
  writeFileSync(
    dockerfile,
    'FROM tracemill/toolchain:bookworm-1\nWORKDIR /srv/app\nCOPY . .\nRUN rm -rf .git && echo made > made-by-build.txt\n',
  );
  const init = ['task', 'init', repository, '--commit', 'HEAD~1'];
  // None of these needs what another makes.
  [started, built, uninstalled, dry, unanswered] = await Promise.all([
    home.run(...wish, '--yes', '--json'),
    home.run(...init, '--dockerfile', dockerfile, '--gate-runs', '0', '--json'),
    home.run(...init, '--install', 'X=given', 'echo "$X" away; exit 3'),
    home.run(...wish, '--name', 'dry', '--harness', 'openhands', 'sweagent', '--samples', '3', '--dry-run', '--json'),
    home.run(...wish, '--name', 'dry'),
  ]);
}, 300_000);

afterAll(async () => {
  process.chdir('/');
  await teacher?.close();
  // Commits are as old as the test, and so their images are of no use to another.
  const own = `tracemill-task/acme.tools__shout-${git('rev-parse', 'HEAD~1').slice(0, 10)}`;
  const names = (await home.engine.listImages([])).flatMap((image) => image.names).filter((name) => name.startsWith(own));
  for (const name of names) await home.engine.removeImage(name, { force: true });
  await home.remove();
});

describe('from a repository to a verdict', () => {
  it('makes a task of a commit in one command', () => {
    expect(made).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('licence MIT') });
    const task = z.record(z.string(), z.unknown()).parse(parse(readFileSync(join(home.folder, 'task.yaml'), 'utf8')));
    expect(task).toMatchObject({
      repo: 'acme.tools/shout',
      language: 'js',
      license: 'MIT',
      base_commit: git('rev-parse', 'HEAD~2').trim(),
      install_config: { log_parser: 'parse_log_tap' },
      FAIL_TO_PASS: [expect.stringContaining('ends in an exclamation mark')],
      PASS_TO_PASS: [expect.stringContaining('shouts')],
    });
    expect(task['problem_statement']).toContain('it should give `A!`');
  });

  it('runs it with a model to a verdict, in one more', () => {
    expect(started.stderr).toContain('1 tasks → 1 rollouts');
    expect(started.stderr).toMatch(/at most 100 requests to m at .*no budget is set/);
    expect(started.exitCode).toBe(0);
    const { rollouts, file } = z
      .looseObject({ file: z.string(), rollouts: z.array(z.looseObject({ id: z.string() })) })
      .parse(JSON.parse(started.stdout));
    expect(rollouts).toMatchObject([{ harness: 'openhands', mode: 'think', resolved: 1, fate: 'kept', ending: 'finished' }]);
    expect(file).toBe('task.campaign.yaml');
    expect(backgroundWorker()).toBeDefined();
  });

  it('says why, in a third', async () => {
    const { rollouts } = z.looseObject({ rollouts: z.array(z.looseObject({ id: z.string() })) }).parse(JSON.parse(started.stdout));
    const why = await home.run('why', rollouts[0]?.id ?? '');
    expect(why).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/resolved/) });
  });

  it('leaves nothing of the future or of this machine in the image', async () => {
    const { image_name } = z.looseObject({ image_name: z.string() }).parse(JSON.parse(made.stdout));
    const container = await home.engine.createContainer({ image: image_name, command: ['sleep', '60'], network: 'none' });
    try {
      await container.start();
      const exec = await container.exec({
        command: ['sh', '-c', 'cd /shout && git log --all --format=%s; git status --short; git remote -v; ls /tmp; env'],
      });
      const parts: Buffer[] = [];
      await exec.read(
        (data) => parts.push(data),
        (data) => parts.push(data),
      );
      const said = Buffer.concat(parts).toString();
      expect(said).toMatch(/^First\n/);
      expect(said).not.toMatch(/Shout with|later|token|tracemill|certificates|PROXY/i);
    } finally {
      await container.remove();
    }
  });

  it('keeps the file for the next time, and writes over no other', async () => {
    // A server of the pages, as `tracemill web` records itself.
    recordBackground({ name: pagesProcess, pid: process.pid, command: [], log: '', details: { url: 'http://127.0.0.1:9' } });
    const same = await home.run(...wish, '--yes', '--json').finally(() => forgetBackground(pagesProcess));
    expect(same.stderr).toContain('live: http://127.0.0.1:9/#/campaigns/task\n');
    expect(same).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('is as it was') });
    expect(same.stderr).toContain('campaign task is done; nothing is left to run');
    expect(JSON.parse(same.stdout)).toMatchObject({ status: { progress: { state: 'done', tasks: 1 } }, rollouts: [{ resolved: 1 }] });
    const before = readFileSync(join(home.folder, 'task.campaign.yaml'), 'utf8');
    const other = await home.run('run', 'task.yaml', '--model', 'other', '--base-url', teacher.url, '--yes');
    expect(other).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('says something else') });
    expect(readFileSync(join(home.folder, 'task.campaign.yaml'), 'utf8')).toBe(before);
  });

  it('leaves the next try open where no model answers', async () => {
    const silent = ['run', 'task.yaml', '--model', 'm', '--base-url', 'http://127.0.0.1:9/v1', '--name', 'silent', '--yes'];
    expect(await home.run(...silent)).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/does not answer: connect ECONNREFUSED.*; nothing was written or started\n {2}→ .*--base-url/),
    });
    expect(existsSync(join(home.folder, 'silent.campaign.yaml'))).toBe(false);
  });

  it('starts nothing where no container engine answers, or the address is not quite right', async () => {
    const before = process.env['DOCKER_HOST'];
    process.env['DOCKER_HOST'] = 'unix:///nowhere/docker.sock';
    const engineless = await home.run(...wish, '--name', 'engineless', '--yes').finally(() => {
      if (before === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = before;
    });
    expect(engineless).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('no container engine answers at DOCKER_HOST') });
    const near = ['run', 'task.yaml', '--model', 'm', '--base-url', `${teacher.url}/chat/completions`, '--name', 'near', '--yes'];
    expect(await home.run(...near)).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/→ .*\/v1: set --base-url to it/) });
    for (const name of ['engineless', 'near']) {
      expect(existsSync(join(home.folder, `${name}.campaign.yaml`))).toBe(false);
      expect(await home.run('campaign', 'status', name)).toMatchObject({ exitCode: 3 });
    }
  });

  it('writes and starts nothing where it is only to tell, or nobody can be asked', async () => {
    expect(JSON.parse(dry.stdout)).toMatchObject({ rollouts: 6, most_requests: 600, started: false });
    expect(unanswered).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--yes') });
    expect(await home.run(...wish, '--name', 'dry', '--api-key-env', 'NO_SUCH_KEY', '--yes')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('NO_SUCH_KEY'),
    });
    expect(existsSync(join(home.folder, 'dry.campaign.yaml'))).toBe(false);
  });

  it('makes an image by a Dockerfile, at the folder that it names', () => {
    expect(built.stderr).toContain('Step 2/');
    expect(JSON.parse(built.stdout)).toMatchObject({ workdir: '/srv/app', FAIL_TO_PASS: [expect.stringContaining('exclamation mark')] });
  });

  it('says which line of an installation failed, and what it said', () => {
    expect(uninstalled).toMatchObject({
      exitCode: 4,
      stderr: expect.stringMatching(/line `echo "\$X" away; exit 3` ended with 3:\ngiven away/),
    });
  });
});
