import type { Harness } from '../harness.ts';
import { openhands } from './openhands/openhands.ts';
import { sweagent } from './sweagent/sweagent.ts';

/** Every harness that campaigns may name. A new one is a folder beside this file and its name here. */
export const harnesses: readonly Harness[] = [openhands, sweagent];
