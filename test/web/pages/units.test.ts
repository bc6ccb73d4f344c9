import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../../platform/home.ts';
import { whole } from '../../../web/pages/parts/units.ts';

const plain = (value: number) => whole(value).replaceAll('\u202f', ' ');

describe('numbers of the pages', () => {
  it('stand in groups of three, whole and with their sign', () => {
    expect([0, 7, 999, 1000, 80_000, 350_001, 12_345_678, -4000, -400, 1234.6].map(plain)).toEqual([
      '0',
      '7',
      '999',
      '1 000',
      '80 000',
      '350 001',
      '12 345 678',
      '-4 000',
      '-400',
      '1 235',
    ]);
  });

  it('ask no browser for the forms of a language, whose first use costs more than a screen', () => {
    const slow = ['web/pages', 'web/model'].flatMap((folder) =>
      readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name))
        .filter((name) => /\.toLocale\w*String\(|\bIntl\.|\.localeCompare\(/.test(readFileSync(join(projectRoot, folder, name), 'utf8'))),
    );
    expect(slow).toEqual([]);
  });
});
