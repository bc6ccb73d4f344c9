import type { Teacher } from '../../schemas/campaign.ts';
import type { HarnessTemplates } from '../../schemas/templates.ts';
import type { HarnessChoice } from './harnesses/choose.ts';
import { sha256Of } from './value-hash.ts';

/**
 * The sha256 of everything that shapes a rollout's conversation: harness settings, templates by their text, and of the
 * teacher its model, thinking and sampling. Address, key, prices and retries may change while a rollout is under way.
 */
export function settingsHash(settings: { harness: HarnessChoice; teacher: Teacher; templates: HarnessTemplates }): string {
  const { templates: _path, ...limits } = settings.harness.settings;
  const { model, thinking, sampling } = settings.teacher;
  return sha256Of({ harness: settings.harness.name, limits, texts: settings.templates.texts, teacher: { model, thinking, sampling } });
}
