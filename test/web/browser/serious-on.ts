import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

type Scheme = 'light' | 'dark';

/**
 * What axe finds serious or critical on a page as it stands, one line each. In the light all rules are asked; colours are all that
 * is otherwise in the dark, and all that is asked there. The page keeps the last scheme.
 */
export async function seriousOn(page: Page, schemes: readonly Scheme[]): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of schemes) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // A page of one frame needs no second page that joins what was found in several.
    const axe = new AxeBuilder({ page }).setLegacyMode();
    const { violations } = await (colorScheme === 'dark' ? axe.withRules(['color-contrast']) : axe).analyze();
    for (const { id, impact, nodes } of violations) {
      if (impact === 'serious' || impact === 'critical') found.push(`${page.url()} ${colorScheme}: ${id} ${nodes[0]?.html}`);
    }
  }
  return found;
}
