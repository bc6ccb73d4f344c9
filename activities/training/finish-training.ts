import { getJson, putJson } from '../artifacts/store.ts';
import { chatTemplate } from '../rendering/chat-template.ts';
import { tokenizerSha256 } from '../rendering/student-tokenizer.ts';
import { Problem } from '../../schemas/problem.ts';
import { CheckpointRecord } from '../../schemas/training.ts';
import type { FinishInput, TrainingInput, TrainingResult } from '../../schemas/training-run.ts';
import { checkFinalModel } from './final-model.ts';
import { lossCurve, type LossPoint } from './loss-curve.ts';
import { resolveTraining } from './plan-training.ts';
import { lossesOf } from './supervise.ts';
import type { TrainingNeeds } from './training-needs.ts';

/**
 * Checks the final model, and puts its record and loss curve into the store and on the ledger. Doing it again changes nothing.
 * Throws `Problem` model_incomplete or model_template_differs.
 */
export async function finishTraining(
  input: FinishInput,
  needs: TrainingNeeds,
  { signal, onFile }: { signal: AbortSignal; onFile: (path: string) => void },
): Promise<TrainingResult> {
  const { start, plan, files, spec, ref, end, seconds } = input;
  const { trainer, variant } = resolveTraining(start, needs.trainers);
  const folder = await trainer.finalModel(plan.folder);
  if (folder === null) {
    throw new Problem('model_incomplete', `job ${spec.name} completed, but ${plan.folder} holds no final model`, {
      hint: `see its output: tracemill job logs ${spec.name}`,
    });
  }
  const template_sha256 = chatTemplate(plan.base).sha256;
  const model = await checkFinalModel(folder, { chatTemplateSha256: template_sha256, signal, onFile });
  const reported = await lossesOf(plan.folder);
  const losses = reported.filter(({ loss }) => Number.isFinite(loss));
  const record: CheckpointRecord = {
    format: 1,
    training: plan.training,
    variant: plan.variant,
    base: plan.base,
    folder,
    sha256: model.sha256,
    release: { folder: plan.release.folder, content_sha256: plan.release.content_sha256 },
    files,
    max_tokens: start.file.max_tokens,
    chat_template_sha256: template_sha256,
    tokenizer_sha256: variant.tokenizer_sha256 ?? tokenizerSha256,
    trainer: { name: trainer.name, version: trainer.version, config_sha256: spec.spec_sha256 },
    job: { name: spec.name, submissions: ref.submission, seconds },
    metrics: {
      steps: end.watch.step ?? losses.at(-1)?.step ?? 0,
      first_loss: losses[0]?.loss ?? null,
      last_loss: losses.at(-1)?.loss ?? null,
    },
    losses,
  };
  const stored = await putJson(needs.store, CheckpointRecord.parse(record));
  const curve = await needs.store.put(Buffer.from(curveOf(record, reported)), 'image/svg+xml');
  const name = `${plan.training}/${plan.variant}`;
  await needs.ledger.recordRun({ kind: 'training', name, record: stored, recorded_at: new Date().toISOString() });
  return { record: stored, curve, folder, unchanged: false };
}

/** The loss curve of a record; made from it again at any time, the same bytes. */
export function curveOf(
  { training, variant, losses }: Pick<CheckpointRecord, 'training' | 'variant' | 'losses'>,
  reported: readonly LossPoint[] = losses,
): string {
  return lossCurve(reported, `${training}/${variant}`);
}

/** The result of a training that was finished before, on the same inputs. */
export async function finishedTraining({ plan }: TrainingInput, { store }: Pick<TrainingNeeds, 'store'>): Promise<TrainingResult> {
  if (plan.finished === null)
    throw new Problem('training_unfinished', `training ${plan.training}/${plan.variant} has no record of these inputs`);
  const record = await getJson(store, plan.finished, CheckpointRecord);
  const curve = await store.put(Buffer.from(curveOf(record)), 'image/svg+xml');
  return { record: plan.finished, curve, folder: record.folder, unchanged: true };
}
