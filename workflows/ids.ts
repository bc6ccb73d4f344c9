/** Workflow ids are derived from what they run, so that starting twice is a no-op. */
export function campaignWorkflowId(campaign: string): string {
  return `campaign/${campaign}`;
}

export function pullRequestWorkflowId(campaign: string, instanceId: string): string {
  return `pr/${campaign}/${instanceId}`;
}

/** The queue of workflows and of short activities that any worker may do. */
export const sharedQueue = 'tracemill';

/** The queue of one host; only its worker reaches the containers and journals there. */
export function hostQueue(host: string): string {
  return `tracemill-host-${host}`;
}
