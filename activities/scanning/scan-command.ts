import type { ScanReport } from '../../schemas/finding.ts';
import type { ToolCall } from '../../schemas/message.ts';
import type { ScanContext } from '../../schemas/scan-context.ts';
import type { ScanRule } from '../../schemas/scan-rule.ts';
import { scanRules } from './scan-rules.ts';
import { scanTrajectory } from './scan-trajectory.ts';

/** Scans one shell command as if it were all that an agent did. */
export function scanCommand(command: string, context: ScanContext, rules: readonly ScanRule[] = scanRules): ScanReport {
  const call: ToolCall = { id: 'command', type: 'function', function: { name: 'bash', arguments: JSON.stringify({ command }) } };
  return scanTrajectory({ id: 'command', messages: [{ role: 'assistant', content: '', tool_calls: [call] }] }, context, rules);
}
