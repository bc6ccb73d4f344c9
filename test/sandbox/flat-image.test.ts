import { describe, expect, it } from 'vitest';
import { needsFlattening } from '../../activities/sandbox/flat-image.ts';

describe('needsFlattening', () => {
  it.each([
    [[], 10, false],
    [['/var/lib/postgresql/data', '/projects', '/proj-data'], 10, false],
    [['/proj'], 10, true],
    [['/proj/'], 10, true],
    [['/proj/data'], 10, true],
    [['/'], 10, true],
    [[], 124, false],
    [[], 125, true],
  ])('volumes %j, %i layers: %s', (volumes, layers, expected) => {
    expect(needsFlattening({ volumes, layers }, '/proj')).toBe(expected);
  });

  it('looks above the work tree, too', () => expect(needsFlattening({ volumes: ['/srv'], layers: 1 }, '/srv/code/proj')).toBe(true));
});
