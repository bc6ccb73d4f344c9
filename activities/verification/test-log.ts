import type { LogOddity } from '../../schemas/verdict.ts';
import type { JobContainer } from '../sandbox/index.ts';
import { machineScript, type MachineState, machineStateOf } from './machine-state.ts';

/** What the test commands of one run said. */
export interface TestLog {
  /** All of stdout, then all of stderr, line ends as Python reads text: what the recorded tests were parsed from. */
  log: string;
  /** Of each command that ended by itself or at its limit, in order. */
  exitCodes: number[];
  /** The limit for all commands ended the run. */
  timedOut: boolean;
  /** Indexes of commands that their own limit ended. */
  commandsTimedOut: number[];
  oddities: LogOddity[];
  /** As the container was behind the tests. */
  machine: MachineState;
}

/** Collects what the test run left in its container's folder. Only its text is used. */
export async function readTestLog(job: JobContainer, folder: string, keepBytes: number, hung: boolean): Promise<TestLog> {
  // The engine keeps the two outputs of an exec apart.
  const outputs = await job.exec(`cat ${folder}/stdout; cat ${folder}/stderr >&2`, { timeoutMs: 120_000, maxBytes: 2 * keepBytes });
  const figures = await job.exec(`(cd ${folder} && wc -c <stdout && wc -c <stderr && cat codes timeouts)\n${machineScript}`, {
    timeoutMs: 60_000,
    maxBytes: 64 * 1024,
  });
  const [own = ''] = figures.stdout.split(/^machine: /m);
  const [stdoutSize, stderrSize, ...lines] = own.split('\n').map((line) => line.trim());
  const timeouts = lines.filter((line) => /^(total|\d+)$/.test(line));
  const log = joinOutputs(outputs.stdout, outputs.stderr);
  const cut = [stdoutSize, stderrSize].some((size) => Number(size) >= 2 * keepBytes);
  const binary = log.includes('\0') || log.includes('\uFFFD');
  return {
    log,
    exitCodes: lines.flatMap((line) => /^\d+ (\d+)$/.exec(line)?.[1] ?? []).map(Number),
    timedOut: hung || timeouts.includes('total'),
    commandsTimedOut: timeouts.filter((line) => line !== 'total').map(Number),
    oddities: [...(cut ? (['cut'] as const) : []), ...(binary ? (['binary'] as const) : [])],
    machine: machineStateOf(figures.stdout),
  };
}

/** As Python's text mode gives them: CRLF and lone CR are line ends. */
function joinOutputs(stdout: string, stderr: string): string {
  return asPythonText(stdout) + asPythonText(stderr);
}

function asPythonText(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text;
}
