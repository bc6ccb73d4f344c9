import {
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionStatusName,
  WorkflowNotFoundError,
} from '@temporalio/client';

/** The newest run of a workflow; undefined when the server does not know it. */
export async function findWorkflow(client: Client, workflowId: string): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(workflowId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

/** State of the newest run of a workflow; undefined when the server does not know it. */
export async function workflowStatus(client: Client, workflowId: string): Promise<WorkflowExecutionStatusName | undefined> {
  return (await findWorkflow(client, workflowId))?.status.name;
}
