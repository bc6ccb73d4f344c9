export { campaign } from './campaign.ts';
export { pullRequest } from './pull-request.ts';
