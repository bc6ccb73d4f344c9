import { defineConfig } from 'vitest/config';

const slow = ['test/chaos/**', 'test/full/**', 'test/bench/**'];
const integration = 'test/**/*.integration.test.ts';

/**
 * `unit`: values in, values out, workers that files share. `integration`: real Temporal servers and containers, each file
 * in a process of its own. `chaos` and `full` take minutes and run on demand.
 */
export default defineConfig({
  test: {
    reporters: ['default', './test/tally-reporter.ts'],
    pool: 'forks',
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
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
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
