import type { ScheduledKind } from '../../schemas/schedule.ts';
import type { SearchAttributePair } from '@temporalio/common';
import { campaignWorkflowId, evaluationWorkflowId, pipelineWorkflowId, trainingWorkflowId } from './ids.ts';
import { campaignAttributes, runAttributes } from './search-keys.ts';

/** One workflow that a schedule starts. */
export interface ScheduledChild {
  workflowId: string;
  args: [unknown];
  typedSearchAttributes?: SearchAttributePair[];
}

/** What is started under a name: one workflow, or one for each variant of a training. */
export function scheduledChildren(kind: ScheduledKind, name: string, of: Record<string, unknown>): ScheduledChild[] {
  const file = { ...of, name };
  switch (kind) {
    case 'campaign':
      return [{ workflowId: campaignWorkflowId(name), args: [{ campaign: name, file }], typedSearchAttributes: campaignAttributes(name) }];
    case 'evaluation':
      return [{ workflowId: evaluationWorkflowId(name), args: [{ file }], typedSearchAttributes: runAttributes(name) }];
    case 'pipeline':
      // A pipeline starts with the files of its steps, read in; its name stands beside them.
      return [{ workflowId: pipelineWorkflowId(name), args: [file], typedSearchAttributes: runAttributes(name) }];
    case 'training':
      return Object.keys(variantsOf(of)).map((variant) => ({
        workflowId: trainingWorkflowId(name, variant),
        args: [{ file, variant }],
        typedSearchAttributes: runAttributes(name),
      }));
  }
}

function variantsOf({ variants }: Record<string, unknown>): object {
  return typeof variants === 'object' && variants !== null ? variants : {};
}
