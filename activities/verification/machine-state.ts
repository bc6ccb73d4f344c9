/** What kernel and file systems say of a test container after its tests, whatever those printed. */
export interface MachineState {
  /** Processes of the container that were killed for memory. */
  memoryKills: number;
  /** Processes that could not be started, since the container was at its limit. */
  refusedProcesses: number;
  /** Of the file systems that tests write to, those with less than {@link leastFreeKiB} or without a free inode. */
  full: string[];
}

/** Below this a file system counts as full, in KiB. */
const leastFreeKiB = 16 * 1024;

/**
 * POSIX sh: prints what {@link machineStateOf} reads. Counters of cgroup v2 or v1, then free room of the file systems, each behind
 * a line that names it.
 */
export const machineScript = `echo 'machine: memory'
cat /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control
echo 'machine: processes'
cat /sys/fs/cgroup/pids.events /sys/fs/cgroup/pids/pids.events
for tracemill_at in "$PWD" /tmp /var/tmp; do
  echo 'machine: room'
  df -Pk "$tracemill_at"
  echo 'machine: inodes'
  df -Pi "$tracemill_at"
done 2>/dev/null
:`;

/** Reads the output of {@link machineScript}. What is not there, or makes no sense, counts as well. */
export function machineStateOf(output: string): MachineState {
  const parts = output.split(/^machine: /m).map((part) => {
    const [name = '', ...lines] = part.split('\n');
    return { name, lines };
  });
  const linesOf = (wanted: string) => parts.filter(({ name }) => name === wanted).map(({ lines }) => lines);
  const counter = (wanted: string, key: string) =>
    Math.max(0, ...linesOf(wanted).flatMap((lines) => lines.flatMap((line) => numbered(line, key))));
  const free = (wanted: string, least: number) => linesOf(wanted).flatMap((lines) => lines.flatMap((line) => fullAt(line, least)));
  return {
    memoryKills: counter('memory', 'oom_kill'),
    refusedProcesses: counter('processes', 'max'),
    full: [...new Set([...free('room', leastFreeKiB), ...free('inodes', 1)])],
  };
}

/** What of the machine failed the tests, by names of `infrastructureSignals`; `words`: the names that their log shows. */
export function machineFaults(state: MachineState, words: readonly string[]): string[] {
  return [
    ...(state.memoryKills > 0 ? [`out of memory: the kernel ended ${state.memoryKills} processes of the container`] : []),
    // A build tool tries how many processes it gets; that alone fails no test.
    ...(state.refusedProcesses > 0 && words.includes('no process left')
      ? [`no process left: ${state.refusedProcesses} could not be started`]
      : []),
    ...(state.full.length > 0 ? [`no disk space at ${state.full.join(', ')}`] : []),
  ];
}

function numbered(line: string, key: string): number[] {
  const found = /^(\w+) (\d{1,15})$/.exec(line.trim());
  return found?.[1] === key ? [Number(found[2])] : [];
}

/** The mount point of a line of df that has less than the least; nothing of file systems that count nothing. */
function fullAt(line: string, least: number): string[] {
  const found = /^\S.*\s(\d{1,18})\s+(\d{1,18})\s+(\d{1,18})\s+\d+%\s+(\/.*)$/.exec(line);
  const [, size, , left, at] = found ?? [];
  return at !== undefined && Number(size) > 0 && Number(left) < least ? [at] : [];
}
