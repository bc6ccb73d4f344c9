import { dirname, join, resolve } from 'node:path';
import { readYamlFile, type ValueIssue } from '../../platform/yaml-file.ts';
import { type PipelineStage, PipelineFile, type PipelineStart } from '../../schemas/pipeline.ts';
import type { TrainingFile } from '../../schemas/training.ts';
import { readEvaluationsOf } from '../evaluation/index.ts';
import { type PlanningNeeds, readCampaignFile } from '../planning/index.ts';
import { readTrainingFile } from '../training/index.ts';

export interface PipelineFileNeeds {
  harnesses: PlanningNeeds['harnesses'];
  trainers: Parameters<typeof readTrainingFile>[1];
  /** Folder of the home's releases. */
  releases: string;
}

/**
 * Reads a pipeline file and the files of all its steps, each by its own rules: what is wrong with one of them is said with
 * its line. Stages before `from` are taken as they are. Throws `Problem` bad_pipeline, bad_campaign, bad_training or
 * bad_evaluation.
 */
export async function readPipelineFile(path: string, needs: PipelineFileNeeds, from: PipelineStage = 'campaign'): Promise<PipelineStart> {
  const file = await readYamlFile(path, { code: 'bad_pipeline', hint: 'docs/pipelines.md describes every field' });
  const parsed = PipelineFile.safeParse(file.value);
  if (!parsed.success) throw file.problem(parsed.error.issues);
  const issues = inconsistencies(parsed.data, from);
  if (issues.length > 0) throw file.problem(issues);
  const { name, evaluations } = parsed.data;
  const absolute = (relative: string) => resolve(dirname(resolve(path)), relative);
  const campaign = parsed.data.campaign === undefined ? null : await readCampaignFile(absolute(parsed.data.campaign), needs.harnesses);
  if (campaign?.release.build === false) {
    throw file.problem([
      { path: ['campaign'], message: 'it builds no release (release.build: false), and there is nothing to learn from' },
    ]);
  }
  const release = campaign === null ? undefined : join(needs.releases, campaign.name, campaign.release.version);
  const training =
    parsed.data.training === undefined ? null : await readTrainingFile(absolute(parsed.data.training), needs.trainers, release);
  const read: PipelineStart['evaluations'] = [];
  for (const [index, { file: evaluation, variants }] of evaluations.entries()) {
    const students = studentsOf(training, variants);
    const unknown = (variants ?? []).filter((variant) => !students.includes(variant));
    if (unknown.length > 0) {
      const known = training === null ? 'there is no training' : `it has ${Object.keys(training.variants).join(', ')}`;
      throw file.problem([
        { path: ['evaluations', index, 'variants'], message: `the training has no variant ${unknown.join(', ')} (${known})` },
      ]);
    }
    const of = training === null ? null : { training: training.name, variants: students };
    for (const one of await readEvaluationsOf(absolute(evaluation), needs.harnesses, of)) {
      if (read.some((other) => other.file.name === one.file.name)) {
        throw file.problem([
          { path: ['evaluations', index], message: `another evaluation of the pipeline is called ${one.file.name} too` },
        ]);
      }
      read.push(one);
    }
  }
  return { name, from, campaign, training, evaluations: read };
}

function studentsOf(training: TrainingFile | null, chosen: readonly string[] | undefined): string[] {
  const all = Object.keys(training?.variants ?? {});
  return chosen === undefined ? all : all.filter((variant) => chosen.includes(variant));
}

function inconsistencies({ campaign, training, evaluations }: PipelineFile, from: PipelineStage): ValueIssue[] {
  if (campaign === undefined && training === undefined && evaluations.length === 0) {
    return [{ path: [], message: 'it has no step: give campaign, training or evaluations' }];
  }
  if (from === 'training' && training === undefined) return [{ path: [], message: 'it has no training to begin with' }];
  if (from === 'evaluation' && evaluations.length === 0) return [{ path: [], message: 'it has no evaluation to begin with' }];
  return [];
}
