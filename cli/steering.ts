import { Command } from '@commander-js/extra-typings';
import type { Client } from '@temporalio/client';
import { Problem } from '../schemas/problem.ts';
import type { UpdateReply } from '../workflows/contract/messages.ts';
import { printResult } from './output.ts';

/** A command that changes a running campaign. */
export function steering(name: string, description: string, example: string) {
  return new Command(name)
    .description(description)
    .argument('<campaign>', 'name of the campaign')
    .addHelpText('after', `\nExamples:\n  ${example}`);
}

type Handle = ReturnType<Client['workflow']['getHandle']>;

/** Sends an update. Throws `Problem` unknown_campaign when no such campaign runs. */
export async function steer<T>(campaign: string, update: (handle: Handle) => Promise<T>): Promise<T> {
  const [{ withClient }, { campaignWorkflowId }, { WorkflowNotFoundError }] = await Promise.all([
    import('../client/connect.ts'),
    import('../workflows/contract/ids.ts'),
    import('@temporalio/client'),
  ]);
  return await withClient(async (client) => {
    try {
      return await client.withDeadline(Date.now() + 30_000, () => update(client.workflow.getHandle(campaignWorkflowId(campaign))));
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
      throw new Problem('unknown_campaign', `no campaign called ${campaign} is running`, { hint: 'see: tracemill campaign list' });
    }
  });
}

/** Prints what an update did. */
export function report(command: Parameters<typeof printResult>[0], target: string, { applied, detail }: UpdateReply): void {
  printResult(command, { target, applied, detail }, detail);
}
