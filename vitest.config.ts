import { totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.ts';

const slow = ['test/chaos/**', 'test/full/**', 'test/bench/**'];
const integration = 'test/**/*.integration.test.ts';

/** Files at once that wait for servers and containers most of their time; each needs up to 2 GB. */
const waiting = Math.max(2, Math.min(4, Math.floor(totalmem() / 2 ** 31)));

/**
 * `unit`: values in, values out, workers that files share. `integration`: real Temporal servers and containers, each file
 * in a process of its own. `chaos` and `full` take minutes and run on demand.
 */
export default defineConfig({
  test: {
    globalSetup: './test/run/test-run.ts',
    setupFiles: './test/run/note-process.ts',
    reporters: ['default', './test/tally-reporter.ts'],
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [integration, ...slow],
          isolate: false,
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: [integration],
          exclude: slow,
          maxWorkers: waiting,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Machines that do much else need more than the second that a poll has by itself.
          expect: { poll: { timeout: 15_000 } },
          sequence: { groupOrder: 1 },
        },
      },
      ...(['chaos', 'full'] as const).map((name, index) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          maxWorkers: 1,
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
          sequence: { groupOrder: 2 + index },
        },
      })),
    ],
  },
});
