import { userInfo } from 'node:os';
import { Command } from '@commander-js/extra-typings';
import type { CampaignStatus } from '../schemas/campaign-status.ts';
import type { SteeringAction, SteeringResult } from '../schemas/web-live.ts';
import { printResult } from './output.ts';
import { withRecords } from './records.ts';

/** A command that changes a running campaign. */
export function steering(name: string, description: string, example: string) {
  return new Command(name)
    .description(description)
    .argument('<campaign>', 'name of the campaign')
    .option('--reason <text>', 'why, for its status and the audit log', '')
    .addHelpText('after', `\nExamples:\n  ${example}`);
}

/**
 * Changes a running campaign, with a line in the audit log. Throws `Problem` unknown_campaign when no such campaign runs.
 */
export async function steer(
  campaign: string,
  action: SteeringAction,
  reason: string,
): Promise<{ result: SteeringResult; status: CampaignStatus }> {
  const [{ withClient }, { steerCampaign }, { campaignStatus }] = await Promise.all([
    import('../client/connect.ts'),
    import('../client/steer-campaign.ts'),
    import('../client/campaign-status.ts'),
  ]);
  const who = `command line, ${userInfo().username}`;
  return await withClient((client) =>
    withRecords(async ({ ledger }) => {
      const read = async () => await campaignStatus(client, ledger, campaign);
      const result = await steerCampaign(client, { campaign, action, reason, who }, read);
      return { result, status: await read() };
    }),
  );
}

/** Prints what an update did. */
export function report(
  command: Parameters<typeof printResult>[0],
  target: string,
  { result: { applied, detail } }: { result: SteeringResult },
): void {
  printResult(command, { target, applied, detail }, detail);
}
