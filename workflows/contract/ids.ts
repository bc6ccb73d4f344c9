/** Workflow ids are derived from what they run, so that starting twice is a no-op. */
export function campaignWorkflowId(campaign: string): string {
  return `campaign/${campaign}`;
}

export function pullRequestWorkflowId(campaign: string, instanceId: string): string {
  return `pr/${campaign}/${instanceId}`;
}

/** The queue of workflows and of short activities that any worker may do. */
export const sharedQueue = 'tracemill';

/** What a host's worker does, each from a queue of its own: a download must not wait for tests, nor tests for models. */
export const hostWork = ['rollouts', 'preparation', 'tests'] as const;
export type HostWork = (typeof hostWork)[number];

/** A queue of one host; only its worker reaches the containers and journals there. */
export function hostQueue(host: string, work: HostWork): string {
  return `tracemill-host-${host}-${work}`;
}
