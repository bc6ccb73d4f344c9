import type { ScanReport } from '../../schemas/finding.ts';
import type { Rule } from './rules/rule.ts';
import { commandRules } from './rules/rules.ts';
import type { ScanContext } from './scan-context.ts';
import { scanTrajectory } from './scan-trajectory.ts';

/** Judges one shell command as if it were all that an agent did. */
export function scanCommand(command: string, context: ScanContext, rules: readonly Rule[] = commandRules): ScanReport {
  const call = { type: 'function', function: { name: 'bash', arguments: JSON.stringify({ command }) } };
  return scanTrajectory({ id: 'command', messages: [{ role: 'assistant', content: '', tool_calls: [call] }] }, context, rules);
}
