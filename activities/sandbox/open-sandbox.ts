import type { ActionResult } from '../../schemas/journal-entry.ts';
import { orAborted } from '../../platform/waiting.ts';
import type { Container } from '../engine/engine.ts';
import { editInContainer } from './container-editor.ts';
import type { EditRequest, OpenSandbox, OpenSandboxFn, Sandbox, ShellAction, TakenPatch } from './contract.ts';
import { ControlLost } from './control-channel.ts';
import { ControlLink } from './control-link.ts';
import type { HomeEngine } from './home-engine.ts';
import { PersistentShell } from './persistent-shell.ts';
import { createContainer, findContainer } from './rollout-container.ts';
import { SandboxGone } from './sandbox-gone.ts';
import { takePatch } from './take-patch.ts';

/**
 * Opens sandboxes in an engine. Opening attaches to the rollout's container where it lives and answers, else
 * makes a fresh one. Throws `Problem` image_missing, engine_unreachable or container_failed.
 */
export function createSandboxes(engine: HomeEngine): OpenSandboxFn {
  return async (request) => {
    request.signal.throwIfAborted();
    const living = await findContainer(engine, request.rolloutId);
    if (living !== undefined) {
      try {
        return { sandbox: await attach(engine, living, request), fresh: false };
      } catch (error) {
        if (!(error instanceof SandboxGone) && !(error instanceof ControlLost)) throw error;
        await living.remove();
      }
    }
    const container = await createContainer(engine, request);
    try {
      return { sandbox: await attach(engine, container, request), fresh: true };
    } catch (error) {
      await container.remove();
      throw error;
    }
  };
}

async function attach(engine: HomeEngine, container: Container, request: OpenSandbox): Promise<Sandbox> {
  const link = new ControlLink(container, request.rolloutId);
  try {
    const begun = (await orAborted(link.ask('r_begun'), request.signal)).toString('latin1');
    return new ContainerSandbox(engine, container, link, request, lastActionOf(begun));
  } catch (error) {
    link.close();
    throw error;
  }
}

/** Where the agent destroyed the shell's state, it is unknown what was started, so everything counts as started. */
function lastActionOf(reply: string): number {
  const number = /^(-1|\d{1,9}) /.exec(reply)?.[1];
  return number === undefined ? Number.MAX_SAFE_INTEGER : Number(number);
}

class ContainerSandbox implements Sandbox {
  readonly lastAction: number;
  readonly #engine: HomeEngine;
  readonly #container: Container;
  readonly #link: ControlLink;
  readonly #request: OpenSandbox;
  readonly #shell: PersistentShell;

  constructor(engine: HomeEngine, container: Container, link: ControlLink, request: OpenSandbox, lastAction: number) {
    this.#engine = engine;
    this.#container = container;
    this.#link = link;
    this.#request = request;
    this.#shell = new PersistentShell(link, request.limits.output_bytes);
    this.lastAction = lastAction;
  }

  get containerId(): string {
    return this.#container.id;
  }

  perform(action: number, request: ShellAction, signal: AbortSignal): Promise<ActionResult> {
    return this.#shell.perform(action, request, signal);
  }

  async edit(action: number, request: EditRequest, signal: AbortSignal): Promise<ActionResult> {
    const started = performance.now();
    try {
      return await editInContainer(this.#link, action, request, signal);
    } catch (error) {
      if (!(error instanceof ControlLost)) throw error;
      return this.#shell.recovered(action, started, signal);
    }
  }

  async patch(baseCommit: string, signal: AbortSignal): Promise<string> {
    return (await this.change(baseCommit, signal)).patch;
  }

  async change(baseCommit: string, signal: AbortSignal): Promise<TakenPatch> {
    try {
      await this.#shell.interruptRunning(signal);
    } catch (error) {
      // A shell that does not answer does not keep its work tree from being read.
      if (!(error instanceof ControlLost)) throw error;
    }
    const { rolloutId, image, workdir } = this.#request;
    return takePatch({ engine: this.#engine, container: this.#container, rolloutId, image, workdir, baseCommit, signal });
  }

  async detach(): Promise<void> {
    this.#link.close();
  }

  async remove(): Promise<void> {
    this.#link.close();
    await this.#container.remove();
  }
}
