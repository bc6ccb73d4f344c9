import { join } from 'node:path';
import { replaceFile } from '../../platform/replace-file.ts';
import type { EvaluationFigures } from '../../schemas/evaluation-figures.ts';
import { EvaluationRecord } from '../../schemas/evaluation-record.ts';
import type { PipelineRecord, PipelineReportInput, PipelineResult, PipelineStep } from '../../schemas/pipeline.ts';
import type { ReleaseManifest } from '../../schemas/release.ts';
import { CheckpointRecord } from '../../schemas/training.ts';
import { type ArtifactStore, getJson, putJson } from '../artifacts/store.ts';
import { localReleaseFolder, openRelease } from '../dataset/index.ts';
import { evaluationFigures, htmlPage, markdownPage, percent, range } from '../evaluation/index.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { pipelineSections } from './pipeline-sections.ts';

export interface PipelineNeeds {
  store: ArtifactStore;
  ledger: Ledger;
  /** Folder of the home's releases, and of its pipelines' reports. */
  folders: { releases: string; pipelines: string };
}

/**
 * Writes `report.html` and `report.md` over the records of all steps that have one, and puts the pipeline on the ledger.
 * Steps that failed or did not run are listed with their problem.
 */
export async function reportPipeline({ start, steps }: PipelineReportInput, needs: PipelineNeeds): Promise<PipelineResult> {
  const { store, ledger, folders } = needs;
  const trainings = await recordsOf(steps, 'training', ledger);
  const evaluations = await recordsOf(steps, 'evaluation', ledger);
  const parts = {
    steps,
    release: await releaseOf(start, steps, folders.releases),
    trainings: await Promise.all(Object.values(trainings).map((ref) => getJson(store, ref, CheckpointRecord))),
    evaluations: withComparisons(await Promise.all(Object.values(evaluations).map((ref) => getJson(store, ref, EvaluationRecord)))),
  };
  const folder = join(folders.pipelines, start.name);
  const sections = pipelineSections(parts);
  const title = `Pipeline ${start.name}`;
  const headlines = parts.evaluations.flatMap(({ name, cells }) =>
    cells.map(({ harness, mode, rate, interval }) => ({
      figure: percent(rate.mean),
      of: `${name}, ${harness}/${mode}`,
      detail: range(interval),
    })),
  );
  replaceFile(join(folder, 'report.html'), htmlPage(title, headlines, sections));
  replaceFile(join(folder, 'report.md'), markdownPage(title, sections));
  const record: PipelineRecord = {
    format: 1,
    name: start.name,
    steps: [...steps],
    campaign: start.campaign?.name ?? null,
    trainings,
    evaluations,
  };
  const ref = await putJson(store, record);
  await ledger.recordRun({ kind: 'pipeline', name: start.name, record: ref, recorded_at: new Date().toISOString() });
  return { record: ref, folder, steps: [...steps] };
}

/** Of steps that ended well in this run or were left to an earlier one. */
async function recordsOf(
  steps: readonly PipelineStep[],
  stage: 'training' | 'evaluation',
  ledger: Ledger,
): Promise<PipelineRecord['trainings']> {
  const records: PipelineRecord['trainings'] = {};
  for (const step of steps) {
    if (step.stage !== stage || step.state === 'failed' || step.state === 'not_run') continue;
    const run = await ledger.run(stage, step.name);
    if (run !== null) records[step.name] = run.record;
  }
  return records;
}

async function releaseOf(
  start: PipelineReportInput['start'],
  steps: readonly PipelineStep[],
  releases: string,
): Promise<ReleaseManifest | null> {
  const { campaign, training } = start;
  const failed = steps.some(({ stage, state }) => stage === 'campaign' && state === 'failed');
  const folder = campaign === null ? training?.release : join(releases, campaign.name, campaign.release.version);
  return folder === undefined || failed ? null : (await openRelease(localReleaseFolder(folder))).manifest;
}

/** Each evaluation against the first of the same benchmark, on what both measured; the first has nothing to be compared with. */
function withComparisons(records: readonly EvaluationRecord[]): EvaluationFigures[] {
  return records.map((record) => {
    const first = records.find(({ benchmark }) => benchmark.name === record.benchmark.name);
    return evaluationFigures(record, first === undefined || first === record ? {} : { baseline: first, intersect: true });
  });
}
