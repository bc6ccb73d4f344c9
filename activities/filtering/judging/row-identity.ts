import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { IngestedTrajectory } from '../../../schemas/ingested.ts';
import { HarnessName, type RolloutKey } from '../../../schemas/names.ts';
import { type Place, placeText, standardInput } from '../../../schemas/place.ts';

/** Hash of what a trajectory says, wherever it is read: without its place, and without an id that was made of the place. */
export function contentOf({ id, place, instance_id, harness, model, messages, model_patch, resolved }: IngestedTrajectory): string {
  const own = place === null || !id.includes(basename(place.file)) ? id : null;
  const said = { own, instance_id, harness, model, messages, model_patch, resolved };
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}

/** What a row is called where it is read again from the same place; null for a stream, which holds something else each time. */
export function placeKey({ id }: { id: string }, place: Place): string | null {
  return place.file === standardInput ? null : `${placeText(place)}\0${id}`;
}

/** Mode by what the model did: one that thinks says so at least once. */
export function cellOf(campaign: string, { harness, messages }: IngestedTrajectory, instance_id: string): Omit<RolloutKey, 'sample'> {
  const thinks = messages.some((message) => message.role === 'assistant' && (message.reasoning_content ?? '') !== '');
  return { campaign, instance_id, harness: nameOf(harness), mode: thinks ? 'think' : 'no_think' };
}

/** Another tool's name as a name of a harness here. */
function nameOf(harness: string | null): string {
  const plain = (harness ?? 'unknown').toLowerCase().replaceAll(/[^a-z0-9_-]+/g, '-');
  return HarnessName.parse(plain.replace(/^[^a-z]+/, '').slice(0, 32) || 'unknown');
}
