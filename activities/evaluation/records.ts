import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import { Acceptance } from '../../schemas/alarm.ts';
import { EvaluationFigures } from '../../schemas/evaluation-figures.ts';
import { EvaluationRecord } from '../../schemas/evaluation-record.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { isMissingFile } from '../../platform/missing-file.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import { type ArtifactStore, getJson } from '../artifacts/store.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { evaluationFigures } from './figures/evaluation-figures.ts';
import { htmlReport } from './report/html.ts';
import { markdownReport } from './report/markdown.ts';

export interface EvaluationStores {
  ledger: Ledger;
  store: ArtifactStore;
}

export interface StoredEvaluation {
  record: EvaluationRecord;
  ref: ArtifactRef;
}

/** The newest record of an evaluation. Throws `Problem` evaluation_not_found when none of this name has ended. */
export async function storedEvaluation(name: string, { ledger, store }: EvaluationStores): Promise<StoredEvaluation> {
  const run = await ledger.run('evaluation', name);
  if (run === null) {
    const known = (await ledger.runs('evaluation')).map((other) => other.name);
    throw new Problem('evaluation_not_found', `no evaluation named ${name} has ended`, {
      hint: known.length === 0 ? 'no evaluation has ended on this store yet' : `those that have: ${known.slice(-10).join(', ')}`,
    });
  }
  return { record: await getJson(store, run.record, EvaluationRecord), ref: run.record };
}

/**
 * The evaluation that others are compared with: `accepted` is the accepted one of the series, anything else a name. Throws
 * `Problem` unknown_baseline when none of the series was accepted, evaluation_not_found.
 */
export async function baselineOf(series: string, baseline: string, stores: EvaluationStores): Promise<StoredEvaluation> {
  if (baseline !== 'accepted') return await storedEvaluation(baseline, stores);
  const accepted = await acceptanceOf(series, stores);
  if (accepted === null) {
    throw new Problem('unknown_baseline', `no evaluation of the series ${series} was accepted yet`, {
      hint: 'accept one: tracemill evaluation accept NAME; or name the baseline: --baseline NAME',
    });
  }
  return { record: await getJson(stores.store, accepted.record, EvaluationRecord), ref: accepted.record };
}

export async function acceptanceOf(series: string, { ledger, store }: EvaluationStores): Promise<Acceptance | null> {
  const run = await ledger.run('acceptance', series);
  return run === null ? null : await getJson(store, run.record, Acceptance);
}

/** Reads a record from a file. Throws `Problem` bad_evaluation_record, evaluation_record_not_found. */
export async function readEvaluationRecord(path: string): Promise<EvaluationRecord> {
  return await readShape(path, EvaluationRecord, 'evaluation_record');
}

/** The figures that were written when the evaluation ended. Throws `Problem` bad_evaluation_figures, evaluation_figures_not_found. */
export async function readEvaluationFigures(path: string): Promise<EvaluationFigures> {
  return await readShape(path, EvaluationFigures, 'evaluation_figures');
}

async function readShape<T extends z.ZodType>(path: string, schema: T, what: string): Promise<z.infer<T>> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (!isMissingFile(error)) throw error;
    throw new Problem(`${what}_not_found`, `there is no file ${path}`, { cause: error });
  }
  try {
    return schema.parse(JSON.parse(content));
  } catch (error) {
    throw new Problem(`bad_${what}`, `${path} is not of the expected shape: ${messageOf(error)}`, {
      hint: 'it was written by another version of Tracemill, or is another file',
      cause: error,
    });
  }
}

/** Files of a report in the folder of its evaluation. */
export const reportFiles = { figures: 'figures.json', page: 'report.html', markdown: 'report.md' } as const;

/** Computes the figures of a record and writes them, the page and the Markdown into a folder; each file whole or not at all. */
export function writeEvaluationReport(record: EvaluationRecord, folder: string): EvaluationFigures {
  const figures = evaluationFigures(record);
  replaceFile(join(folder, reportFiles.figures), `${JSON.stringify(figures, undefined, 1)}\n`);
  replaceFile(join(folder, reportFiles.page), htmlReport(figures));
  replaceFile(join(folder, reportFiles.markdown), markdownReport(figures));
  return figures;
}
