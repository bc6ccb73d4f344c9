import { describe, expect, it } from 'vitest';
import { infrastructureSignals } from '../../activities/verification/infrastructure-signals.ts';
import { machineFaults, machineStateOf } from '../../activities/verification/machine-state.ts';

const well = { memoryKills: 0, refusedProcesses: 0, full: [] };
const df = (left: number, at = '/', size = 100_000_000) =>
  `Filesystem     1024-blocks     Used Available Capacity Mounted on\noverlay ${size} ${size - left} ${left} ${Math.round(100 - (100 * left) / size)}% ${at}\n`;

describe('the state of the machine', () => {
  it('is read from the counters of cgroup v2', () => {
    const printed = `1 0\nmachine: memory\nlow 0\nhigh 0\nmax 31\noom 2\noom_kill 2\noom_group_kill 0\nmachine: processes\nmax 7\n`;
    expect(machineStateOf(printed)).toEqual({ memoryKills: 2, refusedProcesses: 7, full: [] });
  });

  it('is read from the counters of cgroup v1, where only kills count', () => {
    const printed = `machine: memory\noom_kill_disable 0\nunder_oom 0\noom_kill 1\nmachine: processes\nmax 0\n`;
    expect(machineStateOf(printed)).toEqual({ memoryKills: 1, refusedProcesses: 0, full: [] });
  });

  it('names the file systems that are full, by room or by inodes', () => {
    const rooms = (...parts: string[]) => machineStateOf(parts.map((part) => `machine: room\n${part}`).join(''));
    expect(rooms(df(50_000_000), df(60_000_000, '/tmp')).full).toEqual([]);
    expect(rooms(df(50_000_000), df(12, '/tmp'), df(12, '/tmp')).full).toEqual(['/tmp']);
    expect(rooms(df(0, '/a path/with blanks')).full).toEqual(['/a path/with blanks']);
    expect(machineStateOf(`machine: inodes\n${df(0, '/srv')}`).full).toEqual(['/srv']);
    // Some file systems count no inodes, and then have none of none.
    expect(machineStateOf('machine: inodes\nnone 0 0 0 - /srv\nnone 0 0 0 0% /srv\n').full).toEqual([]);
  });

  it.each(['', '1 0\n', 'machine: memory\nmachine: processes\nmachine: room\nmachine: inodes\n', 'machine: room\ndf: not found\n'])(
    'is well where nothing is known: %j',
    (printed) => {
      expect(machineStateOf(printed)).toEqual(well);
    },
  );
});

describe('a fault of the machine', () => {
  it('is what was counted, whatever the log says', () => {
    expect(machineFaults({ ...well, memoryKills: 3 }, [])).toEqual([expect.stringContaining('out of memory')]);
    expect(machineFaults({ ...well, full: ['/tmp'] }, [])).toEqual(['no disk space at /tmp']);
    expect(machineFaults(well, ['out of memory', 'no disk space', 'no process left'])).toEqual([]);
  });

  it('is a refused process only where the tests missed it', () => {
    expect(machineFaults({ ...well, refusedProcesses: 1 }, [])).toEqual([]);
    const { environment } = infrastructureSignals('bash: fork: retry: Resource temporarily unavailable\n');
    expect(machineFaults({ ...well, refusedProcesses: 1 }, environment)).toHaveLength(1);
  });
});
