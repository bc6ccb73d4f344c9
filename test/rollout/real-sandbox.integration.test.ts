import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConfiguredHarness } from '../../activities/rollout/harness.ts';
import type { RolloutRequest } from '../../activities/rollout/rollout-request.ts';
import type { OpenSandboxFn } from '../../activities/sandbox/contract.ts';
import { openJobContainer } from '../../activities/sandbox/job-container.ts';
import { createSandboxes } from '../../activities/sandbox/open-sandbox.ts';
import { SandboxLimits } from '../../schemas/campaign.ts';
import { testEngine } from '../engine/engines.ts';
import { calling, type Scripted, texts } from './fake-session.ts';
import { attempt, newJournalPath, openhands, sweagent, task } from './rollout.ts';

const engine = testEngine();
const open = createSandboxes(engine);
const campaign = `test-rollout-${process.pid}`;
let image = '';
let base = '';

const setUp = `git init -q -b main /name && cd /name && git config --system user.name n && git config --system user.email n@example.org
printf 'one\\r\\ntwo\\r\\n' > dos.txt && mkdir src && printf 'int main(void) {\\n\\treturn 1;\\n}\\n' > src/main.c && git add -A && git commit -q -m first && git rev-parse HEAD`;

beforeAll(async () => {
  const job = await openJobContainer(engine, {
    image: 'tracemill/toolchain:bookworm-1',
    network: 'none',
    labels: { 'tracemill.test': 'rollout' },
    signal: undefined,
  });
  base = /[0-9a-f]{40}/.exec((await job.exec(setUp, { timeoutMs: 60_000 })).stdout)?.[0] ?? '';
  image = await job.commit({ name: `tracemill-test/rollout:${process.pid}`, changes: [] });
  await job.remove();
});
afterAll(async () => {
  const left = await engine.listContainers([`tracemill.campaign=${campaign}`]);
  await Promise.all(left.map(({ id }) => engine.container(id).remove()));
  await engine.removeImage(image, { force: true });
});

const bash = (tool: string, command: string) => calling(tool, { command });
const edit = (given: Record<string, unknown>) => calling('str_replace_editor', given);

const edits = [
  edit({ command: 'view', path: '/name' }),
  edit({ command: 'str_replace', path: '/name/dos.txt', old_str: 'one\ntwo', new_str: 'one\nand a half\ntwo' }),
  edit({ command: 'create', path: '/name/new.txt', file_text: 'fresh\n' }),
  edit({ command: 'insert', path: '/name/src/main.c', insert_line: 0, new_str: '/* ends with 1 */' }),
];
const runs: { name: string; harness: ConfiguredHarness; script: Scripted[] }[] = [
  {
    name: 'openhands',
    harness: openhands({ no_change_timeout_seconds: 4 }),
    script: [
      ...edits,
      edit({ command: 'undo_edit', path: '/name/src/main.c' }),
      bash('execute_bash', 'cd src && export WHO=me'),
      bash('execute_bash', 'read -p "name? " line; echo "hello $line, $WHO in $PWD"'),
      calling('execute_bash', { command: 'you', is_input: 'true' }),
      bash('execute_bash', 'git add -A && git commit -q -m agent && git status --short'),
      calling('finish', { message: 'done' }),
    ],
  },
  {
    name: 'sweagent',
    harness: sweagent({ execution_timeout_seconds: 5 }),
    script: [
      ...edits,
      bash('bash', 'if true'),
      bash('bash', 'set -e; cd src; export WHO=me'),
      bash('bash', 'echo "$WHO in $PWD"; echo to stderr >&2'),
      bash('bash', "cat <<'EOF'\nit's $HOME\nEOF"),
      bash('bash', 'echo before; sleep 60'),
      calling('submit', {}),
      calling('submit', {}),
    ],
  },
];

function play(harness: ConfiguredHarness, script: Scripted[], more: Partial<RolloutRequest> & { path?: string } = {}) {
  const key = { campaign, instance_id: task.instance_id, harness: harness.harness.name, mode: 'think' as const, sample: 0 };
  const limits = SandboxLimits.parse({ memory_mb: 256 });
  return attempt(harness, script, {
    key,
    task: { ...task, base_commit: base },
    image: { id: image, workdir: '/name', cleaned: true },
    limits,
    openSandbox: open,
    ...more,
  });
}

describe.each(runs)('$name in a real container', ({ harness, script }) => {
  it('works, takes the whole change against the base commit, and leaves no container', async () => {
    const { trajectory } = await play(harness, script);
    expect(trajectory.ending.kind).toBe('finished');
    const said = texts(trajectory.messages, 'tool');
    expect(said[0]).toContain('/name/src/main.c');
    expect(said[0]).not.toContain('.git/config');
    expect(said.join('\n')).toMatch(harness.harness.name === 'openhands' ? /hello you, me in \/name\/src/ : /me in \/name\/src\nto stderr/);
    expect(trajectory.model_patch).toContain('+and a half\r\n');
    expect(trajectory.model_patch).toContain('+fresh\n');
    expect(trajectory.model_patch.includes('/* ends with 1 */')).toBe(harness.harness.name === 'sweagent');
    expect(await engine.listContainers([`tracemill.campaign=${campaign}`])).toEqual([]);
  });

  it('comes to the same when its container is removed on the way', async () => {
    const undisturbed = await play(harness, script);
    let removed = false;
    const openFragile: OpenSandboxFn = async (request) => {
      const { sandbox, fresh } = await open(request);
      const perform = sandbox.perform.bind(sandbox);
      sandbox.perform = async (action, ...rest) => {
        if (action === 7 && !removed) {
          removed = true;
          await engine.container(sandbox.containerId).remove();
        }
        return perform(action, ...rest);
      };
      return { sandbox, fresh };
    };
    const { trajectory, session } = await play(harness, script, { openSandbox: openFragile });
    expect(removed).toBe(true);
    expect(session.asked).toHaveLength(script.length);
    expect(trajectory).toEqual(undisturbed.trajectory);
  });
});

describe('a rollout whose worker stops within a command', () => {
  it('takes the command up where it was, and runs it once', async () => {
    const command = 'echo ran >> /tmp/log; sleep 2; wc -l < /tmp/log';
    const script = [bash('execute_bash', command), calling('finish', {})];
    const path = newJournalPath();
    const stop = new AbortController();
    const onProgress = ({ state }: { state: string }) => {
      if (state === 'tool') setTimeout(() => stop.abort(new Error('shut down')), 1000);
    };
    await expect(play(openhands(), script, { path, signal: stop.signal, onProgress })).rejects.toThrow('shut down');
    const { trajectory, session } = await play(openhands(), script, { path });
    expect(session.asked.map(({ exchange }) => exchange)).toEqual([1]);
    expect(texts(trajectory.messages, 'tool')[0]).toMatch(/^1\n/);
    expect(trajectory.replay_divergences).toEqual([]);
  });
});
