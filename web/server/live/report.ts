import { campaignReport } from '../../../client/campaign-report.ts';
import type { ReportLine } from '../../../schemas/report-line.ts';
import type { LiveContext } from './live-context.ts';

interface Made {
  version: string;
  at: number;
  lines: Promise<ReportLine[]>;
}

/** Reports by campaign, with the version of the rows that they were made of: to make one reads every row. */
const known = new WeakMap<LiveContext, Map<string, Made>>();

/** How old a report of a campaign that goes on may be; milliseconds. */
const oldest = 30_000;

/** What was left out or failed, as `tracemill campaign report` says it; at most half a minute old while the campaign goes on. */
export async function reportOf(context: LiveContext, campaign: string, version: string): Promise<ReportLine[]> {
  const reports = known.get(context) ?? new Map<string, Made>();
  known.set(context, reports);
  const last = reports.get(campaign);
  if (last !== undefined && (last.version === version || Date.now() - last.at < oldest)) return await last.lines;
  const lines = campaignReport(context.ledger, context.store, campaign);
  reports.set(campaign, { version, at: Date.now(), lines });
  lines.catch(() => reports.delete(campaign));
  return await lines;
}
