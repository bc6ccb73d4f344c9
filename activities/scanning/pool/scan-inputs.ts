import { setFlagsFromString } from 'node:v8';
import { inThreads } from '../../../platform/thread-pool.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { ThreadSettings, Unit, UnitResult } from './unit.ts';
import { type ScanInput, unitsOfInputs } from './units-of-inputs.ts';

export interface ScanOptions extends ThreadSettings {
  /** Threads that scan. */
  jobs: number;
}

/**
 * Scans inputs on several threads; results come in the order of the inputs. Memory is bounded by a few blocks a
 * thread, whatever the size of the inputs. Throws `Problem` scan_failed when a thread dies.
 */
export async function* scanInputs(inputs: readonly ScanInput[], { jobs, ...settings }: ScanOptions): AsyncGenerator<UnitResult> {
  // V8's optimising compiler for WebAssembly would take half a gigabyte for a moment.
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  yield* inThreads<Unit, UnitResult>(unitsOfInputs(inputs), {
    program: new URL('./scan-thread.ts', import.meta.url),
    threads: jobs,
    data: settings,
    resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 1024 },
    transfer: (unit) => ('bytes' in unit ? [unit.bytes.buffer] : []),
    failed: (reason) => new Problem('scan_failed', `scanning stopped: ${reason.message}`, { cause: reason }),
  });
}
