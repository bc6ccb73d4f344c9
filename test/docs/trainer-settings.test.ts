import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { environments } from '../../activities/python/environments.ts';
import { trainers } from '../../activities/training/trainers/registry.ts';
import { projectRoot } from '../../platform/home.ts';

const page = readFileSync(join(projectRoot, 'docs', 'training.md'), 'utf8');

describe('docs/training.md', () => {
  it.each(trainers.map((trainer) => ({ trainer, name: trainer.name })))('names every setting of $name', ({ trainer }) => {
    const read = trainer.settings('open-swe-traces', {});
    const names = 'settings' in read ? Object.keys(read.settings) : [];
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  });

  it('names every trainer with its version, and every Python environment', () => {
    for (const { name, version } of trainers) {
      expect(page).toContain(`| \`${name}\``);
      expect(page).toContain(version);
    }
    for (const name of Object.keys(environments)) expect(page).toContain(`\`${name}\``);
  });
});
