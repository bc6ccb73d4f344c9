import { ensurePageBundle } from '../../platform/page-bundle.ts';
import type { Outcome } from './progress.ts';

/** Makes the pages that `tracemill web` and `view` serve, so that their start need not. */
export async function bundlePages(): Promise<Outcome> {
  const { built } = await ensurePageBundle();
  return built ? 'bundled' : null;
}
