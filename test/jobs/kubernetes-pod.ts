import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { constants } from 'node:os';
import { sendSignal } from '../../activities/jobs/processes.ts';

interface Condition {
  type: string;
  status: string;
  reason: string;
  message: string;
}

interface ContainerState {
  waiting?: { reason: string };
  running?: { startedAt: string };
  terminated?: { exitCode: number; reason: string };
}

interface Container {
  labels: Record<string, string>;
  graceSeconds: number;
  command: readonly string[];
  env: readonly { name: string; value?: string | undefined; valueFrom?: { fieldRef: { fieldPath: string } } | undefined }[];
  /** Set by the controller of the pod. */
  more: Record<string, string>;
}

/** A pod whose container is a process of this machine, in a session of its own. */
export class FakePod {
  readonly json: {
    metadata: { name: string; uid: string; labels: Record<string, string> };
    spec: { nodeName: string };
    status: { phase: string; reason?: string; conditions: Condition[]; containerStatuses: [{ state: ContainerState }] };
  };
  output = '';
  exitCode: number | null = null;
  ended = () => {};
  readonly #container: Container;
  #child: ChildProcess | undefined;

  constructor(name: string, container: Container) {
    this.#container = container;
    this.json = {
      metadata: { name, uid: randomUUID(), labels: container.labels },
      spec: { nodeName: 'one' },
      status: { phase: 'Pending', conditions: [], containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }] },
    };
  }

  get lives(): boolean {
    return this.#child !== undefined && this.exitCode === null;
  }

  start(): void {
    const [program = 'sh', ...args] = this.#container.command;
    const child = spawn(program, args, {
      cwd: '/',
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: '/root', ...this.#environment(), ...this.#container.more },
    });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (this.output += String(piece)));
    this.json.status.phase = 'Running';
    this.#state({ running: { startedAt: new Date().toISOString() } });
    child.on('exit', (code, signal) => {
      this.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      // A container goes with its first process.
      sendSignal(-(child.pid ?? 0), 'SIGKILL');
      this.json.status.phase = this.exitCode === 0 ? 'Succeeded' : 'Failed';
      this.#state({ terminated: { exitCode: this.exitCode, reason: this.exitCode === 0 ? 'Completed' : 'Error' } });
      this.ended();
    });
  }

  /** TERM, and KILL after the grace. */
  terminate(): void {
    if (this.#child?.pid === undefined || this.exitCode !== null) return;
    sendSignal(this.#child.pid, 'SIGTERM');
    setTimeout(() => this.kill(), this.#container.graceSeconds * 1000).unref();
  }

  kill(): void {
    if (this.#child?.pid !== undefined && this.exitCode === null) sendSignal(-this.#child.pid, 'SIGKILL');
  }

  /** As the cluster does that needs its place. */
  disrupt(reason: string): void {
    this.json.status.conditions.push({ type: 'DisruptionTarget', status: 'True', reason, message: 'taken away' });
    this.terminate();
  }

  #state(state: ContainerState): void {
    this.json.status.containerStatuses = [{ state }];
  }

  #environment(): Record<string, string> {
    return Object.fromEntries(
      this.#container.env.map(({ name, value, valueFrom }) => {
        const field = valueFrom?.fieldRef.fieldPath ?? '';
        const label = /^metadata\.labels\['(.+)'\]$/.exec(field)?.[1];
        if (label !== undefined) return [name, this.json.metadata.labels[label] ?? ''];
        return [name, field === 'metadata.uid' ? this.json.metadata.uid : (value ?? '')];
      }),
    );
  }
}
