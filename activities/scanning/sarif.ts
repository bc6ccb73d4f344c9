import type { ScanReport } from '../../schemas/finding.ts';
import { type Place, placeText } from '../../schemas/place.ts';
import type { ScanRule } from '../../schemas/scan-rule.ts';
import type { BadPlace } from '../ingestion/index.ts';
import { scannerVersion } from './scanner-version.ts';

/**
 * Findings as SARIF 2.1.0, for viewers of static analysis: the file is the artifact, its line or row the region, trajectory, turn and
 * call the logical location. Rows that were read in part or not at all are notifications of the run; one that was not read at all makes it a failed one.
 */
export function sarifLog(reports: readonly ScanReport[], rules: readonly ScanRule[], notRead: readonly BadPlace[] = []): unknown {
  const notifications = [
    ...notRead.map(({ place, problem }) => ({
      level: 'error',
      message: { text: `not read: ${placeText(place)}: ${problem}` },
      locations: [physical(place)],
    })),
    ...reports.flatMap((report) =>
      report.unread.map((reason) => ({
        level: 'warning',
        message: { text: `read in part: ${reason}` },
        locations: [{ ...physical(report.place), logicalLocations: [logical(report)] }],
      })),
    ),
  ];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tracemill-scan',
            version: String(scannerVersion),
            rules: rules.map(({ id, what, category }) => ({ id, shortDescription: { text: what }, properties: { category } })),
          },
        },
        invocations: [{ executionSuccessful: notRead.length === 0, toolExecutionNotifications: notifications }],
        results: reports.flatMap((report) =>
          report.findings.map((finding) => ({
            ruleId: finding.rule,
            level: finding.severity === 'violation' ? 'error' : 'note',
            message: { text: `${finding.category}: ${finding.evidence}` },
            locations: [
              {
                ...physical(report.place, finding.command),
                logicalLocations: [logical(report), { fullyQualifiedName: `${report.id}, turn ${finding.turn}, call ${finding.call}` }],
              },
            ],
            properties: { category: finding.category, succeeded: finding.succeeded, preset: report.preset },
          })),
        ),
      },
    ],
  };
}

/** A command from the command line lies in no file. */
function physical(place: Place | null, snippet?: string): object {
  if (place === null) return {};
  const region = { startLine: place.number ?? 1, ...(snippet === undefined ? {} : { snippet: { text: snippet } }) };
  return { physicalLocation: { artifactLocation: { uri: uriOf(place.file) }, region } };
}

function logical({ id }: ScanReport): object {
  return { name: id, fullyQualifiedName: id };
}

/** A path or address as a URI reference. */
function uriOf(file: string): string {
  return encodeURI(file).replace(/[?#]/g, (sign) => (/^https?:/.test(file) ? sign : encodeURIComponent(sign)));
}
