import { createHash } from 'node:crypto';
import type { Teacher } from '../../schemas/campaign.ts';
import type { HarnessTemplates } from '../../schemas/templates.ts';
import type { HarnessChoice } from './harnesses/choose.ts';

/**
 * The sha256 of everything that shapes a rollout's conversation: harness settings, templates by their text, and of the
 * teacher its model, thinking and sampling. Address, key, prices and retries may change while a rollout is under way.
 */
export function settingsHash(settings: { harness: HarnessChoice; teacher: Teacher; templates: HarnessTemplates }): string {
  const { templates: _path, ...limits } = settings.harness.settings;
  const { model, thinking, sampling } = settings.teacher;
  return sha256Of({ harness: settings.harness.name, limits, texts: settings.templates.texts, teacher: { model, thinking, sampling } });
}

/** The sha256 (hexadecimal) of a JSON value, whatever the order of its keys. */
export function sha256Of(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(value)))
    .digest('hex');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, part]) => [key, ordered(part)]),
  );
}
