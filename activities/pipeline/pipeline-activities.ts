import { Problem } from '../../schemas/problem.ts';
import type { PipelineActivities } from '../../workflows/contract/pipeline-activities.ts';
import type { PipelineNeeds } from './report-pipeline.ts';

export interface PipelineActivityNeeds extends PipelineNeeds {
  isRunning: (workflowId: string) => Promise<boolean>;
}

export function createPipelineActivities({ isRunning, ...needs }: PipelineActivityNeeds): PipelineActivities {
  return {
    async reportPipeline(input) {
      return await (await import('./report-pipeline.ts')).reportPipeline(input, needs);
    },

    async awaitEnd({ workflowId }) {
      if (await isRunning(workflowId)) throw new Problem('still_running', `${workflowId} runs`);
    },
  };
}
