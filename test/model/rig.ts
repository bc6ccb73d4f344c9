import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayClient } from '../../activities/model/gateway/client.ts';
import { type Patience, patienceWithin } from '../../activities/model/long-pause.ts';
import { type OpenedModelSession, openModelSession } from '../../activities/model/session.ts';
import { Journal, journalPath } from '../../activities/journal/journal.ts';
import { type RunningTeacher, type TeacherOptions, startTeacher } from '../../demo/scripted-teacher/server.ts';
import { Teacher } from '../../schemas/campaign.ts';
import type { ToolDefinition } from '../../schemas/message.ts';
import type { RolloutKey } from '../../schemas/names.ts';
import { TeacherScript } from '../../schemas/teacher-script.ts';

const tools: ToolDefinition[] = ['execute_bash', 'finish'].map((name) => ({
  type: 'function',
  function: { name, description: '', parameters: { type: 'object', properties: {} } },
}));

export const never = new AbortController().signal;

/** A teacher, a home of its own with a real gateway process, and sessions on both. */
export class Rig {
  readonly home = mkdtempSync(join(tmpdir(), 'tracemill-model-'));
  teacher: RunningTeacher;
  readonly #options: TeacherOptions;
  readonly clients: GatewayClient[] = [];
  readonly gateway: GatewayClient;

  private constructor(teacher: RunningTeacher, options: TeacherOptions, environment: NodeJS.ProcessEnv) {
    this.teacher = teacher;
    this.#options = options;
    this.gateway = this.client(environment);
  }

  static async start(turns: unknown[], options: Partial<TeacherOptions> = {}, environment: NodeJS.ProcessEnv = {}): Promise<Rig> {
    const all = { scripts: [TeacherScript.parse({ name: 'test', turns })], ...options };
    return new Rig(await startTeacher(all), all, { PATH: process.env['PATH'], ...environment });
  }

  client(environment: NodeJS.ProcessEnv = { PATH: process.env['PATH'] }): GatewayClient {
    const client = new GatewayClient({ home: this.home, environment, idleSeconds: 30 });
    this.clients.push(client);
    return client;
  }

  /** Starts a closed teacher again under its address. */
  async restartTeacher(): Promise<void> {
    this.teacher = await startTeacher({ ...this.#options, port: this.teacher.port });
  }

  profile(more: object = {}): Teacher {
    const retries = { attempts: 4, initial_seconds: 0.02, maximum_seconds: 0.05 };
    return Teacher.parse({ model: 'scripted', base_url: this.teacher.url, retries, ...more });
  }

  /** What the gateway says of the one campaign. */
  async campaign() {
    return (await this.gateway.status())?.campaigns[0];
  }

  /** How many requests the teacher got. */
  get asked(): number {
    return this.teacher.log().filter((entry) => entry.event === 'asked').length;
  }

  get journals(): string {
    return join(this.home, 'journals');
  }

  journal(sample = 0): Promise<Journal> {
    return Journal.open(journalPath(this.journals, key(sample)));
  }

  async session(options: SessionOptions = {}): Promise<{ session: OpenedModelSession; journal: Journal }> {
    const {
      sample = 0,
      teacher = {},
      budget = {},
      mode = 'think',
      gateway = this.gateway,
      patience = patienceWithin(3_600_000),
      teacherName = 'scripted',
    } = options;
    const journal = await this.journal(sample);
    const session = openModelSession({
      gateway,
      journal,
      key: { ...key(sample), mode },
      teacher: this.profile(teacher),
      teacherName,
      budget: { tokens: 0, cost_usd: 0, ...budget },
      journals: this.journals,
      patience,
    });
    return { session, journal };
  }

  async end(): Promise<void> {
    await this.gateway.stop(false);
    for (const client of this.clients) client.close();
    await this.teacher.close();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

interface SessionOptions {
  sample?: number;
  teacher?: object;
  budget?: Partial<{ tokens: number; cost_usd: number }>;
  mode?: RolloutKey['mode'];
  gateway?: GatewayClient;
  patience?: Patience;
  teacherName?: string;
}

export function key(sample: number): RolloutKey {
  return { campaign: 'trial', instance_id: 'owner__repo-1', harness: 'openhands', mode: 'think', sample };
}

export function asking(exchange: number, content = 'Solve it.') {
  return { exchange, turn: exchange, messages: [{ role: 'user' as const, content }], tools };
}

/** A turn that never changes. */
export const always = { text: 'On it.', reasoning: 'Let me look.', calls: [{ run: 'ls' }], repeat: 'forever' };

/** The same with trouble. */
export const spoilt = (...misbehave: object[]) => ({ ...always, misbehave });

export async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries > 1000) throw new Error('it did not come about');
    await sleep(10);
  }
}
