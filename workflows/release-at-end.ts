import { ChildWorkflowFailure, executeChild, ParentClosePolicy, WorkflowIdReusePolicy } from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { ReleaseInput } from '../schemas/activity-inputs.ts';
import type { ReleaseResult } from '../schemas/release-result.ts';
import { waitingActivities } from './activity-proxies.ts';
import { releaseWorkflowId } from './contract/ids.ts';
import { campaignAttributes } from './contract/search-keys.ts';
import { release } from './release.ts';

/** Builds the release of a campaign whose rows are all on the ledger. Throws what ended the build. */
export async function releaseAtEnd(input: ReleaseInput): Promise<ReleaseResult> {
  for (;;) {
    try {
      return await executeChild(release, {
        workflowId: releaseWorkflowId(input.campaign, input.version),
        args: [input],
        // Somebody at the command line may wait for it, too.
        parentClosePolicy: ParentClosePolicy.ABANDON,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        typedSearchAttributes: campaignAttributes(input.campaign),
      });
    } catch (error) {
      if (error instanceof ChildWorkflowFailure) throw error.cause ?? error;
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      // One that was asked for earlier may have begun before the last rows were on the ledger.
      await waitingActivities.awaitReleaseEnd(input);
    }
  }
}
