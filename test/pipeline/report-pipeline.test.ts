import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { putJson } from '../../activities/artifacts/store.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import type { Ledger } from '../../activities/ledger/ledger.ts';
import { type PipelineNeeds, reportPipeline } from '../../activities/pipeline/report-pipeline.ts';
import type { PipelineStart, PipelineStep } from '../../schemas/pipeline.ts';
import type { CheckpointRecord } from '../../schemas/training.ts';
import { seededRecord } from '../evaluation/seeded-record.ts';

let folder: string;
let ledger: Ledger;
let needs: PipelineNeeds;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-pipeline-report-'));
  ledger = openLocalLedger(join(folder, 'ledger.sqlite'));
  needs = {
    store: localStore(join(folder, 'store')),
    ledger,
    folders: { releases: join(folder, 'releases'), pipelines: join(folder, 'pipelines') },
  };
});

afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

const hash = 'a'.repeat(64);

function checkpoint(variant: string): CheckpointRecord {
  return {
    format: 1,
    training: 'study',
    variant,
    base: 'coder',
    folder: '/models/x',
    sha256: hash,
    release: { folder: '/r', content_sha256: hash },
    files: { rows: 1234, tokens: 5_000_000, trained_tokens: 600_000, dropped: { over_long: 7, bad_arguments: 2 }, sha256: hash },
    max_tokens: 131_072,
    chat_template_sha256: hash,
    tokenizer_sha256: hash,
    trainer: { name: 'trl', version: 'trl 1.16.0', config_sha256: hash },
    job: { name: 'study-full-1', submissions: 3, seconds: 60 },
    metrics: { steps: 40, first_loss: 2, last_loss: 0.5 },
    losses: [],
  };
}

const step = (stage: PipelineStep['stage'], name: string, state: PipelineStep['state']): PipelineStep => ({
  stage,
  name,
  state,
  started_at: 0,
  ended_at: 90_000,
  problem: state === 'failed' ? { code: 'job_failed', message: 'a <b>disk</b> was full', hint: '' } : null,
});

async function record(kind: 'training' | 'evaluation', name: string, value: unknown): Promise<void> {
  const ref = await putJson(needs.store, value);
  await ledger.recordRun({ kind, name, record: ref, recorded_at: '2026-01-02T03:04:05.000Z' });
}

it('reports the records of its steps, compares students with the first, and leaves out what came to nothing', async () => {
  await record('training', 'study/full', checkpoint('full'));
  await record('training', 'study/broken', checkpoint('broken'));
  await record('evaluation', 'e-full', seededRecord({ name: 'e-full', seed: 1 }));
  await record('evaluation', 'e-python', seededRecord({ name: 'e-python', seed: 2, regression: 0.5 }));
  await record('evaluation', 'e-part', seededRecord({ name: 'e-part', seed: 3, instances: 50 }));
  const start: PipelineStart = { name: 'circle', from: 'training', campaign: null, training: null, evaluations: [] };
  const steps = [
    step('training', 'study/full', 'done'),
    step('training', 'study/broken', 'failed'),
    step('evaluation', 'e-full', 'unchanged'),
    step('evaluation', 'e-python', 'done'),
    step('evaluation', 'e-part', 'done'),
  ];
  const result = await reportPipeline({ start, steps }, needs);
  const page = readFileSync(join(result.folder, 'report.html'), 'utf8');
  const text = readFileSync(join(result.folder, 'report.md'), 'utf8');
  expect(text).toMatch(/\| study\/full\s+\| coder\s+\|\s+1,234 \|\s+9 \| 5,000,000 \| 600,000 \| trl 1\.16\.0/);
  expect(text).not.toMatch(/\| study\/broken\s+\| coder/);
  expect(text).toMatch(/\| e-python\s+\| e-full\s+\| .* −\d/);
  expect(text).toMatch(/\| e-part\s+\| e-full\s+\| openhands\/think \|\s+50 \|/);
  expect(text).toContain('Compared on the instances that both have: e-part (0 more of its own, 150 of the other).');
  expect(text).toMatch(/\| training\s+\| study\/broken\s+\| failed .*job_failed/);
  expect(page).not.toContain('<b>disk</b>');
  expect(page).toContain('&lt;b&gt;disk');
  expect((await ledger.run('pipeline', 'circle'))?.record).toEqual(result.record);
});
