import { isMainThread, parentPort } from 'node:worker_threads';
import type { ArtifactRef } from '../../schemas/artifact-ref.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import { trajectoryShingles } from './trajectory-shingles.ts';
import type { Shingles } from './shingles.ts';

/** Packed trajectories on their way to a thread of the pool. */
export interface ShingleUnit {
  number: number;
  trajectories: { ref: ArtifactRef; packed: Uint8Array<ArrayBuffer> }[];
}

export type ShingleResult = { number: number; done: true } & (
  | { ok: true; shingles: Shingles[] }
  | { ok: false; code: string; message: string; hint: string }
);

function made({ number, trajectories }: ShingleUnit): ShingleResult {
  try {
    return { number, done: true, ok: true, shingles: trajectories.map(({ ref, packed }) => trajectoryShingles(packed, ref)) };
  } catch (error) {
    const { code, hint } = error instanceof Problem ? error : { code: 'comparison_failed', hint: '' };
    return { number, done: true, ok: false, code, message: messageOf(error), hint: hint ?? '' };
  }
}

if (!isMainThread) {
  parentPort?.on('message', (unit: ShingleUnit) => {
    const result = made(unit);
    parentPort?.postMessage(result, result.ok ? result.shingles.map(({ buffer }) => buffer) : []);
  });
}
