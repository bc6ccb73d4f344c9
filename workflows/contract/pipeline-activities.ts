import type { PipelineReportInput, PipelineResult } from '../../schemas/pipeline.ts';

/** What a pipeline does itself; its other steps are workflows of their own. */
export interface PipelineActivities {
  /** Writes the report of all steps from their records, and puts the pipeline on the ledger. */
  reportPipeline(input: PipelineReportInput): Promise<PipelineResult>;
  /** Fails with `still_running` until a workflow has ended, however it did. */
  awaitEnd(input: { workflowId: string }): Promise<void>;
}
