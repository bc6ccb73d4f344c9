import { scanTrajectory } from '../../activities/scanning/scan-trajectory.ts';
import { ScanContext } from '../../schemas/scan-context.ts';
import type { Finding } from '../../schemas/finding.ts';
import type { Message } from '../../schemas/message.ts';

/** A command with what it printed, one that prints `done`, or what the user says in between. */
export type Step = string | [command: string, observation: string] | { user: string };

/** What is found in shell commands that run one after another under a prompt. */
export function foundIn(prompt: string, steps: readonly Step[], context: Partial<ScanContext> = {}): Finding[] {
  const messages = steps.flatMap((step, at): Message[] => {
    if (typeof step === 'object' && 'user' in step) return [{ role: 'user', content: step.user }];
    const [command, content] = typeof step === 'string' ? [step, 'done'] : step;
    const id = `call_${at}`;
    return [
      {
        role: 'assistant',
        content: '',
        tool_calls: [{ id, type: 'function', function: { name: 'bash', arguments: JSON.stringify({ command }) } }],
      },
      { role: 'tool', content, tool_call_id: id },
    ];
  });
  const given: Message = { role: 'user', content: prompt };
  return scanTrajectory({ id: 'row', messages: [given, ...messages] }, { ...ScanContext.parse({}), ...context }).findings;
}

/** The rules that were violated, in the order of the findings. */
export function violated(findings: readonly Finding[]): string[] {
  return findings.filter(({ severity }) => severity === 'violation').map(({ rule }) => rule);
}
