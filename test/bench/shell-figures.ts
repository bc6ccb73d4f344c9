import type { Figure } from './figure.ts';
import { benchShell } from './shell.ts';

/** What the persistent shell adds to a command, beside one exec of the engine's API for each; `docker` itself takes longer to start. */
export async function shellFigures(): Promise<Figure[]> {
  const { shell, exec, container_bytes } = await benchShell();
  const peer = (value: number) => ({ name: 'docker exec', value });
  return [
    { name: 'shell overhead per command, p50', unit: 'ms', ours: shell.p50, peer: peer(exec.p50), target: { at: 'most', value: 5 } },
    { name: 'shell overhead per command, p99', unit: 'ms', ours: shell.p99, peer: peer(exec.p99) },
    { name: 'memory of an idle container', unit: 'MB', ours: container_bytes / 1e6 },
  ];
}
