import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../../activities/ledger/ledger.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { localStore } from '../../activities/artifacts/local-store.ts';
import { GatewayClient } from '../../activities/model/gateway/client.ts';
import type { HomeEngine } from '../../activities/sandbox/home-engine.ts';
import { label } from '../../activities/sandbox/labels.ts';
import { removeCampaign } from '../../activities/sandbox/reaper.ts';
import { startBackground } from '../../platform/background-process.ts';
import { home, paths, projectRoot } from '../../platform/home.ts';
import { stopAll } from '../../infra/stop-all.ts';
import { ensureTemporal } from '../../infra/temporal.ts';
import { testEngine } from '../engine/engines.ts';
import { makeSampleTask, pythonSample, type SampleTask } from '../verification/sample-task.ts';

/** A home of its own with everything that campaigns need running: Temporal, a worker, a gateway, one task. */
export interface Workplace {
  engine: HomeEngine;
  ledger: Ledger;
  store: ReturnType<typeof localStore>;
  sample: SampleTask;
  /** Process ids; both report their memory. */
  worker: number;
  gateway: number;
  close(): Promise<void>;
}

/** More than the rollouts of any measurement, so that none waits for its turn. */
const slots = 300;

/** Sets `TRACEMILL_HOME` of this process until it is closed. */
export async function openWorkplace(): Promise<Workplace> {
  const engine = testEngine();
  const tools = paths.tools();
  const before = process.env['TRACEMILL_HOME'];
  const folder = mkdtempSync(join(tmpdir(), 'tracemill-bench-home-'));
  process.env['TRACEMILL_HOME'] = folder;
  mkdirSync(tools, { recursive: true });
  symlinkSync(tools, paths.tools());
  const ledger = openLocalLedger(paths.ledger());
  let sample: SampleTask | undefined;
  const close = async () => {
    await stopAll({ engine: false });
    for (const { campaign } of await ledger.campaigns()) await removeCampaign(engine, campaign);
    await ledger.close();
    if (sample !== undefined) await removeCleanImages(engine, sample.image);
    await sample?.remove();
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    if (before === undefined) delete process.env['TRACEMILL_HOME'];
    else process.env['TRACEMILL_HOME'] = before;
  };
  try {
    sample = await makeSampleTask(engine, pythonSample);
    await ensureTemporal();
    const gateway = await startGateway();
    const worker = await startBackground({
      name: 'worker',
      command: [
        process.execPath,
        '--max-semi-space-size=4',
        ...measured,
        join(projectRoot, 'cli', 'main.ts'),
        'worker',
        '--slots',
        String(slots),
      ],
    });
    return { engine, ledger, store: localStore(paths.store()), sample, worker: worker.pid, gateway: gateway.pid, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const measured = ['--expose-gc', '--import', join(import.meta.dirname, 'report-memory.ts')];

/** The gateway that a worker would start itself, but one whose memory can be asked for. */
async function startGateway(): Promise<{ pid: number }> {
  const program = join(projectRoot, 'activities', 'model', 'gateway', 'process.ts');
  const gateway = await startBackground({ name: 'gateway', command: [process.execPath, ...measured, program, '600'] });
  const client = new GatewayClient({ home: home(), environment: process.env });
  for (;;) {
    const status = await client.status();
    if (status?.pid === gateway.pid) break;
    await sleep(20);
  }
  client.close();
  return gateway;
}

async function removeCleanImages(engine: HomeEngine, source: string): Promise<void> {
  for (const { id, labels } of await engine.listImages([label.prepared])) {
    const record: unknown = JSON.parse(labels[label.prepared] ?? 'null');
    if (JSON.stringify(record).includes(JSON.stringify(source))) await engine.removeImage(id, { force: true });
  }
}
