import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import type { Engine } from '../engine/engine.ts';

/** An engine as one home uses it: several homes may share an engine, and each looks after its own containers only. */
export interface HomeEngine extends Engine {
  /** Value of the home label on all that this home makes. */
  readonly home: string;
}

/** The engine for the home in this folder. */
export function engineOfHome(engine: Engine, folder: string): HomeEngine {
  return { ...engine, home: createHash('sha256').update(`${hostname()}:${folder}`).digest('hex').slice(0, 12) };
}
