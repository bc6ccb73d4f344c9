import type { ArtifactStore } from '../activities/artifacts/store.ts';
import {
  benchmarkNamed,
  type EvaluationNeeds,
  evaluationFigures,
  htmlReport,
  markdownReport,
  readBenchmark,
} from '../activities/evaluation/index.ts';
import { openJobBackend } from '../activities/jobs/open-job-backend.ts';
import type { Ledger } from '../activities/ledger/ledger.ts';
import { join } from 'node:path';
import type { paths as homePaths } from '../platform/home.ts';
import { replaceFile } from '../platform/replace-file.ts';
import { Problem } from '../schemas/problem.ts';
import { planningNeeds } from './planning-needs.ts';

interface Parts {
  store: ArtifactStore;
  ledger: Ledger;
  paths: typeof homePaths;
  variable: (name: string) => string | undefined;
}

/** What evaluations use of the outside. */
export function evaluationNeeds({ store, ledger, paths, variable }: Parts): EvaluationNeeds {
  return {
    store,
    ledger,
    planning: planningNeeds,
    readBenchmark: async ({ name, data, namespace }) => await readBenchmark({ benchmark: benchmarkNamed(name), data, namespace }),
    graders: {
      check: async (file, form) => {
        throw new Problem('grader_not_ready', `evaluation ${file.name}: the grader ${form} is not there`, {
          hint: 'set grader: none, so that our own verification judges',
        });
      },
      grade: async () => {
        throw new Problem('grader_not_ready', 'no grader is there', { hint: 'set grader: none' });
      },
    },
    writeReport: async (record, folder) => {
      const figures = evaluationFigures(record);
      replaceFile(join(folder, 'report.html'), htmlReport(figures));
      replaceFile(join(folder, 'report.md'), markdownReport(figures));
    },
    backendOf: openJobBackend,
    variable,
    folders: { evaluations: paths.evaluations(), jobs: paths.jobs() },
  };
}
