import { label } from '../../sandbox/index.ts';
import type { ContainerSummary, Engine } from '../../engine/engine.ts';

/** Removes the containers that a grader left. Those of Tracemill, which say of what kind they are, are never meant. */
export async function removeContainers(engine: Engine, isMeant: (container: ContainerSummary) => boolean): Promise<void> {
  const all = await engine.listContainers();
  const meant = all.filter((container) => isMeant(container) && !container.labels[label.kind]);
  for (const { id } of meant) await engine.container(id).remove();
}
