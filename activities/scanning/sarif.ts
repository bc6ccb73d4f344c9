import type { ScanReport } from '../../schemas/finding.ts';
import type { ScanRule } from '../../schemas/scan-rule.ts';
import { scannerVersion } from './scanner-version.ts';

/** Findings as SARIF 2.1.0, for viewers of static analysis. A trajectory is the artifact, the turn its line. */
export function sarifLog(reports: readonly ScanReport[], rules: readonly ScanRule[]): unknown {
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
        results: reports.flatMap(({ id, findings, preset }) =>
          findings.map((finding) => ({
            ruleId: finding.rule,
            level: finding.severity === 'violation' ? 'error' : 'note',
            message: { text: `${finding.category}: ${finding.evidence}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: encodeURI(id) },
                  region: { startLine: finding.turn + 1, snippet: { text: finding.command } },
                },
                logicalLocations: [{ fullyQualifiedName: `turn ${finding.turn}, call ${finding.call}` }],
              },
            ],
            properties: { category: finding.category, succeeded: finding.succeeded, preset },
          })),
        ),
      },
    ],
  };
}
