import type { TrainingProfile } from '../../../../schemas/training-files.ts';
import type { Profile } from '../profile.ts';
import { arrow } from './arrow.ts';
import { atif } from './atif.ts';
import { automodel } from './automodel.ts';
import { openaiObject } from './openai-object.ts';
import { sharegpt } from './sharegpt.ts';
import { swift } from './swift.ts';

export const profiles: Readonly<Record<TrainingProfile, Profile>> = {
  automodel,
  trl: openaiObject,
  'openai-object': openaiObject,
  swift,
  sharegpt,
  atif,
  arrow,
};
