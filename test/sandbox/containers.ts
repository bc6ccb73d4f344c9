import { randomBytes } from 'node:crypto';
import type { OpenSandbox, Sandbox, ShellAction, Waiting } from '../../activities/sandbox/contract.ts';
import { createSandboxes } from '../../activities/sandbox/open-sandbox.ts';
import type { ActionResult } from '../../schemas/journal-entry.ts';
import { testEngine } from '../engine/engines.ts';

export const toolchain = 'tracemill/toolchain:bookworm-1';
export const minimal = 'tracemill/minimal:bookworm-1';
const campaign = 'sandbox-test';
export const engine = testEngine();
export const openSandbox = createSandboxes(engine);

export const noSignal = new AbortController().signal;

export function request(overrides: Partial<OpenSandbox> = {}): OpenSandbox {
  return {
    rolloutId: `${campaign}/owner__repo-1/openhands/think/${randomBytes(4).toString('hex')}`,
    campaign,
    image: toolchain,
    workdir: '/srv',
    limits: { memory_mb: 256, cpus: 1, pids: 150, output_bytes: 100_000 },
    signal: noSignal,
    ...overrides,
  };
}

export const patient: Waiting = { noChangeMs: null, timeMs: 60_000 };

/** Numbers actions as a rollout does. */
export class Hands {
  readonly sandbox: Sandbox;
  action: number;

  constructor(sandbox: Sandbox, first = 0) {
    this.sandbox = sandbox;
    this.action = first - 1;
  }

  run(command: string, waiting: Waiting = patient, atTimeLimit: 'leave' | 'interrupt' = 'interrupt'): Promise<ActionResult> {
    return this.perform({ kind: 'command', command, waiting, atTimeLimit });
  }

  perform(action: ShellAction): Promise<ActionResult> {
    this.action += 1;
    return this.sandbox.perform(this.action, action, noSignal);
  }

  async output(command: string): Promise<string> {
    return (await this.run(command)).output;
  }
}

/** Runs `work` with a fresh sandbox and removes that afterwards. */
export async function withSandbox(
  work: (hands: Hands, request: OpenSandbox) => Promise<void>,
  overrides: Partial<OpenSandbox> = {},
): Promise<void> {
  const wanted = request(overrides);
  const { sandbox } = await openSandbox(wanted);
  try {
    await work(new Hands(sandbox), wanted);
  } finally {
    await sandbox.remove();
  }
}
