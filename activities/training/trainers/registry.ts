import type { Trainer } from '../trainer.ts';
import { automodel } from './automodel/automodel.ts';
import { axolotl } from './axolotl/axolotl.ts';
import { trl } from './trl/trl.ts';

/** Every trainer that a training file may name, the default first. A new one is a folder beside this file and its name here. */
export const trainers: readonly Trainer[] = [automodel, trl, axolotl];
