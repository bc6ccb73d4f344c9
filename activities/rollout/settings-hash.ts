import type { Teacher } from '../../schemas/campaign.ts';
import type { HarnessTemplates } from '../../schemas/templates.ts';
import type { ConfiguredHarness } from './harness.ts';
import { sha256Of } from './value-hash.ts';

/**
 * The sha256 of everything in a plan that shapes a rollout's conversation: harness settings, templates by their text, and
 * of the teacher its model, thinking and sampling. Address, key, prices and retries may change while a rollout is under way.
 * So may `resend`, from what was once its default to what is now: each journalled request is compared all the same.
 */
export function settingsHash({ harness, settings }: ConfiguredHarness, templates: HarnessTemplates, teacher: Teacher): string {
  const limits = Object.fromEntries(Object.entries(settings).filter(([name]) => !harness.paths.includes(name)));
  const { model, sampling } = teacher;
  const { control, resend } = teacher.thinking;
  const thinking = { control, resend: resend === 'auto' ? 'reasoning_content' : resend };
  return sha256Of({ harness: harness.name, limits, texts: templates.texts, teacher: { model, thinking, sampling } });
}
