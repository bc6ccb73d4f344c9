import { createHash } from 'node:crypto';
import type { ActionResult } from '../../schemas/journal-entry.ts';
import type { EditRequest, FileState, OpenSandboxFn, Sandbox, ShellAction, TakenPatch } from '../../activities/sandbox/contract.ts';
import { SandboxGone } from '../../activities/sandbox/sandbox-gone.ts';

export function result(fields: Partial<ActionResult>): ActionResult {
  const output = fields.output ?? '';
  return {
    status: 'exited',
    exit_code: 0,
    output,
    output_offset: output.length,
    truncated: false,
    cwd: '/name',
    duration_ms: 1,
    limit: null,
    ...fields,
  };
}

/** A container that behaves the same for the same actions and remembers each, as the real one does. */
export class FakeContainer implements Sandbox {
  readonly containerId: string;
  readonly files = new Map<string, Buffer>();
  readonly results = new Map<number, ActionResult>();
  readonly snapshots = new Map<number, Buffer | null>();
  /** Numbers of the actions that were really carried out, in order. */
  readonly carriedOut: number[] = [];
  removed = false;
  detached = false;
  /** Lost when this action is asked for. */
  lostAt: number | null = null;
  #count = 0;
  readonly #respond: FakeWorld['respond'];
  readonly #take: FakeWorld['take'];

  constructor(id: string, respond: FakeWorld['respond'], take: FakeWorld['take'] = (patch) => ({ patch })) {
    this.containerId = id;
    this.#respond = respond;
    this.#take = take;
  }

  get lastAction(): number {
    return Math.max(-1, ...this.results.keys());
  }

  async perform(action: number, request: ShellAction): Promise<ActionResult> {
    return this.#once(action, () => this.#respond(request) ?? this.#shell(request));
  }

  async edit(action: number, request: EditRequest): Promise<ActionResult> {
    return this.#once(action, () => {
      const content = this.files.get(request.path);
      const state: FileState =
        content === undefined ? { kind: 'missing', parentIsDirectory: true } : { kind: 'file', size: content.length, content };
      const snapshot = request.snapshotOf === null ? null : (this.snapshots.get(request.snapshotOf) ?? null);
      this.snapshots.set(action, content ?? null);
      const decision = request.decide(state, snapshot);
      if (decision.write !== null) this.files.set(request.path, decision.write);
      return result({ output: decision.output, exit_code: decision.exit_code });
    });
  }

  async change(): Promise<TakenPatch> {
    return this.#take(await this.patch());
  }

  async patch(): Promise<string> {
    this.#lost(Number.POSITIVE_INFINITY);
    const files = [...this.files].map(([path, content]) => `+${path} ${createHash('sha256').update(content).digest('hex')}`).sort();
    return this.#count === 0 && files.length === 0 ? '' : [`+count ${this.#count}`, ...files, ''].join('\n');
  }

  async detach(): Promise<void> {
    this.detached = true;
  }

  async remove(): Promise<void> {
    this.removed = true;
  }

  #shell(request: ShellAction): ActionResult {
    if (request.kind === 'wait') return result({ output: 'second part\n', output_offset: 23 });
    if (request.kind === 'input') return result({ output: `you typed ${request.text}\n` });
    if (request.kind === 'key') return result({ exit_code: 130 });
    const { command } = request;
    const mark = /\|\| command echo (refused_\w+)$/m.exec(command)?.[1];
    if (mark !== undefined) {
      return result({ output: command.includes('SYNTAXERROR') ? `sh: unexpected token\n${mark}\n` : '' });
    }
    if (command === 'count') {
      this.#count += 1;
      return result({ output: `${this.#count}\n` });
    }
    if (command === 'slow')
      return result({ status: 'running', exit_code: null, output: 'first part\n', cwd: null, limit: 'no_change', duration_ms: 30_000 });
    if (command.startsWith('(cd ')) return result({ output: `diff with count ${this.#count}\n` });
    return result({ output: `ran ${command}\n` });
  }

  #once(action: number, carryOut: () => ActionResult): ActionResult {
    this.#lost(action);
    const known = this.results.get(action);
    if (known !== undefined) return known;
    const done = carryOut();
    this.carriedOut.push(action);
    this.results.set(action, done);
    return done;
  }

  #lost(action: number): void {
    if (this.removed || (this.lostAt !== null && action >= this.lostAt)) {
      this.removed = true;
      throw new SandboxGone(`container ${this.containerId}`);
    }
  }
}

/** An engine with one rollout's containers. */
export class FakeWorld {
  readonly containers: FakeContainer[] = [];
  respond: (request: ShellAction) => ActionResult | undefined = () => undefined;
  /** What the change is of which the patch has this. */
  take: (patch: string) => TakenPatch = (patch) => ({ patch });

  readonly open: OpenSandboxFn = async () => {
    const living = this.containers.at(-1);
    if (living !== undefined && !living.removed) return { sandbox: living, fresh: false };
    return { sandbox: this.fresh(), fresh: true };
  };

  fresh(): FakeContainer {
    const container = new FakeContainer(
      `c${this.containers.length}`,
      (request) => this.respond(request),
      (patch) => this.take(patch),
    );
    this.containers.push(container);
    return container;
  }
}
