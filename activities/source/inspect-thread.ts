import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { Problem } from '../../schemas/problem.ts';
import { SourceFilters } from '../../schemas/source-filters.ts';
import { startSourceRules } from './source-rules.ts';
import { type Inspection, inspectSources } from './inspect.ts';

/** `parsers`: names of the log parsers that exist. */
export interface InspectionRequest {
  inputs: string[];
  filters: SourceFilters;
  parsers: string[];
}

/**
 * {@link inspectSources} in a thread of its own: its small heap makes the collector keep up with the rows, where
 * that of the main thread would let hundreds of megabytes of them pile up first. Throws `Problem`
 * bad_exclusion_list, and inspection_failed for what ends the thread itself.
 */
export async function inspectInThread(request: InspectionRequest): Promise<Inspection> {
  const worker = new Worker(new URL(import.meta.url), {
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: 112, maxYoungGenerationSizeMb: 6 },
  });
  try {
    return await new Promise<Inspection>((resolve, reject) => {
      worker.once('message', (reply: Reply) =>
        reply.ok ? resolve(reply.inspection) : reject(new Problem(reply.code, reply.message, hintOf(reply))),
      );
      worker.once('error', (error) => reject(new Problem('inspection_failed', `the inspection ended: ${error.message}`, { cause: error })));
      worker.once('exit', (code) => reject(new Problem('inspection_failed', `the inspection ended with ${code}`)));
    });
  } finally {
    await worker.terminate();
  }
}

type Reply = { ok: true; inspection: Inspection } | { ok: false; code: string; message: string; hint: string | undefined };

function hintOf({ hint }: { hint: string | undefined }): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

const Request = z.object({ inputs: z.array(z.string()), filters: SourceFilters, parsers: z.array(z.string()) });

async function reply(): Promise<Reply> {
  const { inputs, filters, parsers } = Request.parse(workerData);
  const known = new Set(parsers);
  try {
    const rules = startSourceRules(filters, (name) => known.has(name));
    return { ok: true, inspection: await inspectSources(inputs, rules, filters) };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return { ok: false, code: error.code, message: error.message, hint: error.hint };
  }
}

if (!isMainThread) parentPort?.postMessage(await reply());
