import type { Figure } from './figure.ts';
import { benchScanner } from './scanner.ts';

/** Speed and memory of `tracemill scan`, its start included. */
export async function scannerFigures(): Promise<Figure[]> {
  const { plain, scanner, grep, resident, dataset_minutes, per_core, plain_per_core } = await benchScanner();
  return [
    {
      name: 'scanner without the classifier, two threads',
      unit: 'MB/s',
      ours: plain,
      peer: { name: 'regular expression, one thread', value: grep },
      target: { at: 'least', value: 76 },
      note: `${plain_per_core.toFixed(0)} MB/s of processor time`,
    },
    {
      name: 'scanner, two threads',
      unit: 'MB/s',
      ours: scanner,
      peer: { name: 'regular expression, one thread', value: grep },
      target: { at: 'least', value: 30 },
      note: `${dataset_minutes.toFixed(1)} min for 207,489 trajectories; ${per_core.toFixed(0)} MB/s of processor time`,
    },
    { name: 'scanner, most memory', unit: 'MB', ours: resident, target: { at: 'most', value: 500 } },
  ];
}
