/**
 * What workflows can be searched by, in one place for workflows, client and bootstrap. No imports: workflow code
 * takes this file into its bundle. The server allows 10 Keyword, 3 Int and 3 Bool attributes a namespace.
 */
export const searchAttributes = {
  CampaignId: 'Keyword',
  Repo: 'Keyword',
  Language: 'Keyword',
  /** Where a pull request stands: `preparation`, `gate`, `rollouts`, `done`. */
  PrStage: 'Keyword',
  Outcome: 'Keyword',
  RolloutsDone: 'Int',
  RolloutsKept: 'Int',
  NeedsAttention: 'Bool',
} as const;

export type SearchAttribute = keyof typeof searchAttributes;
