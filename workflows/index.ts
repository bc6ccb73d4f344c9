export { campaign } from './campaign.ts';
export { pullRequest } from './pull-request.ts';
export { release } from './release.ts';
