export { campaign } from './campaign.ts';
export { evaluation } from './evaluation.ts';
export { pipeline } from './pipeline.ts';
export { pullRequest } from './pull-request.ts';
export { release } from './release.ts';
export { training } from './training.ts';
export { scheduledRun } from './scheduled-run.ts';
