import { hostname } from 'node:os';

/** Labels on everything that Tracemill makes in the engine; the reaper decides by them alone. */
export const label = {
  /** `rollout`: outlives its worker. Others, such as `job`, `prepare` and `verification`, do not. */
  kind: 'tracemill.kind',
  campaign: 'tracemill.campaign',
  rollout: 'tracemill.rollout',
  /** The task whose tests run in the container. */
  task: 'tracemill.task',
  /** The home whose workers own the container: several may share an engine, and a server knows its own campaigns only. */
  home: 'tracemill.home',
  /** Host name and process id of the worker that needs the container. */
  owner: 'tracemill.owner',
  /** On a derived image: its record as JSON. */
  prepared: 'tracemill.prepared',
} as const;

/** Value of the owner label for this process. */
export function thisOwner(): string {
  return `${hostname()}/${process.pid}`;
}

/** False only for a process of this host that is surely not there any more. */
export function ownerMayLive(owner: string): boolean {
  const slash = owner.lastIndexOf('/');
  const pid = Number(owner.slice(slash + 1));
  if (owner.slice(0, slash) !== hostname() || !Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
