/**
 * What workflows can be searched by, in one place for workflows, client and bootstrap. No imports: workflow code
 * takes this file into its bundle. Prefixed, since a namespace may hold other people's workflows too. The server allows
 * 10 Keyword, 3 Int and 3 Bool attributes a namespace.
 */
export const searchAttributes = {
  TracemillCampaign: 'Keyword',
  /** Name of a training, evaluation or pipeline; the workflow's type says which. */
  TracemillRun: 'Keyword',
  TracemillRepo: 'Keyword',
  TracemillLanguage: 'Keyword',
  /** Where a pull request stands: `preparation`, `gate`, `rollouts`, `done`. */
  TracemillStage: 'Keyword',
  TracemillOutcome: 'Keyword',
  TracemillRolloutsDone: 'Int',
  TracemillRolloutsKept: 'Int',
  TracemillNeedsAttention: 'Bool',
} as const;
