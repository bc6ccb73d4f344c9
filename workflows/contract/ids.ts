/** Workflow ids are derived from what they run, so that starting twice is a no-op. */
export function campaignWorkflowId(campaign: string): string {
  return `campaign/${campaign}`;
}

/** The campaign of an evaluation's rollouts. */
export function evaluationCampaign(evaluation: string): string {
  return `${evaluationPrefix}${evaluation}`;
}

/**
 * The evaluation whose rollouts a campaign holds; undefined for any other campaign. Campaign files may not use such names,
 * so that no campaign of a user is ever taken for one.
 */
export function evaluationOfCampaign(campaign: string): string | undefined {
  return campaign.startsWith(evaluationPrefix) ? campaign.slice(evaluationPrefix.length) : undefined;
}

const evaluationPrefix = 'evaluation.';

export function evaluationWorkflowId(evaluation: string): string {
  return `evaluation/${evaluation}`;
}

export function pullRequestWorkflowId(campaign: string, instanceId: string): string {
  return `pr/${campaign}/${instanceId}`;
}

export function releaseWorkflowId(campaign: string, version: string): string {
  return `release/${campaign}/${version}`;
}

export function trainingWorkflowId(training: string, variant: string): string {
  return `training/${training}/${variant}`;
}

/** What a training's workflow trains; undefined for a workflow of another kind. */
export function trainingOfWorkflow(workflowId: string): { training: string; variant: string } | undefined {
  const [kind, training, variant] = workflowId.split('/');
  return kind === 'training' && training !== undefined && variant !== undefined ? { training, variant } : undefined;
}

/** The queue of workflows and of short activities, which any worker of the store may do: they read and write it. */
export function sharedQueue(storeId: string): string {
  return `${queuePrefix}${storeId}`;
}

/** The store whose work a shared queue holds; undefined for a queue of something else. */
export function storeOfQueue(queue: string): string | undefined {
  return queue.startsWith(queuePrefix) ? queue.slice(queuePrefix.length) : undefined;
}

const queuePrefix = 'tracemill-';

/** Releases, which keep a process busy for hours, have a queue beside that of the workflows that ask for them. */
export function releaseQueue(workflowQueue: string): string {
  return `${workflowQueue}-release`;
}

/**
 * What a host's worker does, each from a queue of its own: a download must not wait for tests, nor tests for models, and
 * nothing for servers, graders and jobs, which take days.
 */
export const hostWork = ['rollouts', 'preparation', 'tests', 'evaluations', 'jobs'] as const;
export type HostWork = (typeof hostWork)[number];

/** A queue of one host of the store whose shared queue is given; only its worker reaches the containers and journals there. */
export function hostQueue(shared: string, host: string, work: HostWork): string {
  return `${shared}-host-${host}-${work}`;
}

export function pipelineWorkflowId(pipeline: string): string {
  return `pipeline/${pipeline}`;
}
