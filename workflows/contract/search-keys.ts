import { defineSearchAttributeKey, type SearchAttributePair, SearchAttributeType } from '@temporalio/common';
import { searchAttributes } from './search-attributes.ts';
import type { PlannedTask } from '../../schemas/campaign-plan.ts';
import type { PullRequestOutcome, PullRequestStage } from '../../schemas/pull-request.ts';

/** The server's spelling of a type → the SDK's. */
const types = { Keyword: SearchAttributeType.KEYWORD, Int: SearchAttributeType.INT, Bool: SearchAttributeType.BOOL } as const;

const keys = {
  campaign: defineSearchAttributeKey('TracemillCampaign', types[searchAttributes.TracemillCampaign]),
  run: defineSearchAttributeKey('TracemillRun', types[searchAttributes.TracemillRun]),
  repo: defineSearchAttributeKey('TracemillRepo', types[searchAttributes.TracemillRepo]),
  language: defineSearchAttributeKey('TracemillLanguage', types[searchAttributes.TracemillLanguage]),
  stage: defineSearchAttributeKey('TracemillStage', types[searchAttributes.TracemillStage]),
  outcome: defineSearchAttributeKey('TracemillOutcome', types[searchAttributes.TracemillOutcome]),
  rolloutsDone: defineSearchAttributeKey('TracemillRolloutsDone', types[searchAttributes.TracemillRolloutsDone]),
  rolloutsKept: defineSearchAttributeKey('TracemillRolloutsKept', types[searchAttributes.TracemillRolloutsKept]),
  needsAttention: defineSearchAttributeKey('TracemillNeedsAttention', types[searchAttributes.TracemillNeedsAttention]),
};

export function campaignAttributes(campaign: string): SearchAttributePair[] {
  return [{ key: keys.campaign, value: campaign }];
}

/** What a training, evaluation or pipeline can be found by. */
export function runAttributes(name: string): SearchAttributePair[] {
  return [{ key: keys.run, value: name }];
}

export function runStageAttribute(stage: string): SearchAttributePair {
  return { key: keys.stage, value: stage };
}

export function runEndAttributes(outcome: 'done' | 'failed' | 'cancelled'): SearchAttributePair[] {
  return [runStageAttribute(outcome), { key: keys.outcome, value: outcome }, { key: keys.needsAttention, value: outcome === 'failed' }];
}

/** What a pull request can be found by from its start on. */
export function pullRequestAttributes(campaign: string, entry: PlannedTask): SearchAttributePair[] {
  return [
    { key: keys.campaign, value: campaign },
    { key: keys.repo, value: entry.repo },
    { key: keys.language, value: entry.language },
    stageAttribute('queued'),
  ];
}

export function stageAttribute(stage: PullRequestStage): SearchAttributePair {
  return { key: keys.stage, value: stage };
}

export function endAttributes({ status, totals }: PullRequestOutcome): SearchAttributePair[] {
  return [
    { key: keys.outcome, value: status },
    { key: keys.rolloutsDone, value: totals.done },
    { key: keys.rolloutsKept, value: totals.kept },
    { key: keys.needsAttention, value: status === 'failed' },
  ];
}
