import { createReadStream } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { inThreads } from '../../../platform/thread-pool.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { InputFile } from '../inputs/input-files.ts';
import { lineBlocks } from '../inputs/line-blocks.ts';
import type { ThreadSettings, Unit, UnitResult } from './unit.ts';

export interface ScanOptions extends ThreadSettings {
  /** Threads that scan. */
  jobs: number;
}

/**
 * Scans inputs on several threads; results come in the order of the inputs. Memory is bounded by a few blocks a
 * thread, whatever the size of the inputs. Throws `Problem` scan_failed when a thread dies.
 */
export async function* scanInputs(
  inputs: readonly (InputFile | { stream: AsyncIterable<Uint8Array>; name: string })[],
  { jobs, context, rules }: ScanOptions,
): AsyncGenerator<UnitResult> {
  // V8's optimising compiler for WebAssembly would take half a gigabyte for a moment.
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
  const settings: ThreadSettings = { context, rules };
  yield* inThreads<Unit, UnitResult>(units(inputs), {
    program: new URL('./scan-thread.ts', import.meta.url),
    threads: jobs,
    data: settings,
    resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 320 },
    transfer: (unit) => (unit.kind === 'lines' ? [unit.bytes.buffer] : []),
    failed: (reason) => new Problem('scan_failed', `scanning stopped: ${reason.message}`, { cause: reason }),
  });
}

async function* units(inputs: readonly (InputFile | { stream: AsyncIterable<Uint8Array>; name: string })[]): AsyncGenerator<Unit> {
  let number = 0;
  for (const input of inputs) {
    if ('stream' in input || input.form === 'lines') {
      const stream = 'stream' in input ? input.stream : createReadStream(input.path, { highWaterMark: 1024 * 1024 });
      const name = 'stream' in input ? input.name : input.path;
      for await (const block of lineBlocks(stream)) yield { kind: 'lines', number: number++, name, ...block };
    } else {
      yield { kind: 'file', number: number++, path: input.path, form: input.form };
    }
  }
}
