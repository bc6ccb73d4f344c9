import type { ScanReport } from '../../schemas/finding.ts';
import { type Rule } from './rules/rule.ts';
import { RULES_VERSION } from './rules/rules.ts';

/** Findings as SARIF 2.1.0, for viewers of static analysis. A trajectory is the artifact, the turn its line. */
export function sarifLog(reports: readonly ScanReport[], rules: readonly Rule[]): unknown {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'tracemill-scan',
            version: String(RULES_VERSION),
            rules: rules.map(({ id, what, category }) => ({ id, shortDescription: { text: what }, properties: { category } })),
          },
        },
        results: reports.flatMap(({ id, findings }) =>
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
            properties: { category: finding.category, succeeded: finding.succeeded },
          })),
        ),
      },
    ],
  };
}
