import type { ArtifactStore } from '../activities/artifacts/store.ts';
import {
  benchmarkNamed,
  type EvaluationNeeds,
  evaluationGraders,
  instanceCommands,
  readBenchmark,
  writeEvaluationReport,
} from '../activities/evaluation/index.ts';
import type { Engine } from '../activities/engine/engine.ts';
import { openJobBackend } from '../activities/jobs/open-job-backend.ts';
import type { Ledger } from '../activities/ledger/ledger.ts';
import { ensureEnvironment } from '../activities/python/ensure-environment.ts';
import type { paths as homePaths } from '../platform/home.ts';
import { planningNeeds } from './planning-needs.ts';

interface Parts {
  store: ArtifactStore;
  ledger: Ledger;
  engine: Engine;
  paths: typeof homePaths;
  variable: (name: string) => string | undefined;
}

/** What evaluations use of the outside. */
export function evaluationNeeds({ store, ledger, engine, paths, variable }: Parts): EvaluationNeeds {
  return {
    store,
    ledger,
    planning: planningNeeds,
    readBenchmark: async ({ name, data, namespace }, { signal, tell }) =>
      await readBenchmark({
        benchmark: benchmarkNamed(name),
        data,
        namespace,
        commandsOf: async (rows) => {
          const { python } = await ensureEnvironment('swebench4', { signal, onProgress: tell });
          return await instanceCommands(python, rows, signal);
        },
      }),
    graders: evaluationGraders(engine),
    writeReport: async (record, folder) => void writeEvaluationReport(record, folder),
    backendOf: openJobBackend,
    variable,
    folders: { evaluations: paths.evaluations(), jobs: paths.jobs() },
  };
}
