import { installPackages } from './debian.ts';
import type { Outcome } from './progress.ts';
import { findProgram } from './system-command.ts';

/** The browser that tests of pages drive. Nothing else needs one. */
export async function ensureChromium(): Promise<Outcome> {
  if (findProgram('chromium') !== undefined) return null;
  await installPackages(['chromium', 'fonts-dejavu-core'], 'Chromium for the tests of pages');
  return 'installed';
}
