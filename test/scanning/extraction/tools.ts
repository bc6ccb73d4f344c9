import type { Call } from '../../../activities/scanning/conversation.ts';
import { extractCommands } from '../../../activities/scanning/extraction/extract-commands.ts';
import { ShellSession } from '../../../activities/scanning/extraction/shell-session.ts';
import { scanTrajectory } from '../../../activities/scanning/scan-trajectory.ts';
import type { ScanReport } from '../../../schemas/finding.ts';
import type { Message } from '../../../schemas/message.ts';
import { ScanContext } from '../../../schemas/scan-context.ts';

export function toolCallOf(name: string, args: unknown): Call {
  const raw = typeof args === 'string' ? args : JSON.stringify(args);
  const known = typeof args === 'object' && args !== null && !Array.isArray(args) ? Object.fromEntries(Object.entries(args)) : undefined;
  return { name, args: known, raw, observation: 'something' };
}

/** The command lines that a tool call comes to. */
export function linesOf(name: string, args: unknown, session = new ShellSession()): string[] {
  return extractCommands(toolCallOf(name, args), session).commands.map(({ argv }) => argv.join(' '));
}

export function unparsedOf(name: string, args: unknown): string[] {
  const { unparsed, unread } = extractCommands(toolCallOf(name, args), new ShellSession());
  return [...unparsed, ...unread];
}

interface Said {
  name: string;
  args: unknown;
  see?: string;
}

/** `CATEGORY rule` of every violation in a run of these calls on a task of lumen/beacon. */
export function violationsIn(calls: readonly Said[], context: Partial<ScanContext> = {}): string[] {
  const { findings } = reportOf(calls, context);
  return [...new Set(findings.filter(({ severity }) => severity === 'violation').map(({ category, rule }) => `${category} ${rule}`))];
}

export function reportOf(calls: readonly Said[], context: Partial<ScanContext> = {}): ScanReport {
  const messages: Message[] = [
    { role: 'user', content: 'In /repo is lumen/beacon. The lamp stays dark after dusk.' },
    ...calls.flatMap(({ name, args, see = 'some output' }, index): Message[] => [
      {
        role: 'assistant',
        content: '',
        tool_calls: [
          { id: `c${index}`, type: 'function', function: { name, arguments: typeof args === 'string' ? args : JSON.stringify(args) } },
        ],
      },
      { role: 'tool', tool_call_id: `c${index}`, content: see },
    ]),
  ];
  return scanTrajectory({ id: 'row', messages }, { ...ScanContext.parse({ repo: 'lumen/beacon' }), ...context });
}
