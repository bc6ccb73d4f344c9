import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { loadGrammars } from '../../syntax/grammars.ts';
import { FindingCategory } from '../../../schemas/finding.ts';
import { ScanContext } from '../../../schemas/scan-context.ts';
import { ScanRule } from '../../../schemas/scan-rule.ts';
import { scanUnit } from './scan-unit.ts';
import type { Unit } from './unit.ts';

const Settings = z.object({ context: ScanContext, rules: z.array(ScanRule), passages: z.array(FindingCategory).exactOptional() });

/** A thread of the pool: scans one unit after another until it is ended from outside. */
async function serve(): Promise<void> {
  const settings = Settings.parse(workerData);
  await loadGrammars();
  parentPort?.on('message', (unit: Unit) => void scanUnit(unit, settings, (result) => parentPort?.postMessage(result)));
}

if (!isMainThread) await serve();
