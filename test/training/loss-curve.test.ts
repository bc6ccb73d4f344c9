import { describe, expect, it } from 'vitest';
import { lossCurve } from '../../activities/training/loss-curve.ts';

/** Places of the points of every line of a picture. */
function linesOf(svg: string): [number, number][][] {
  return [...svg.matchAll(/points="([^"]*)"/g)].map(([, points = '']) =>
    points.split(' ').map((point) => {
      const [x = NaN, y = NaN] = point.split(',').map(Number);
      return [x, y];
    }),
  );
}

const falling = (count: number) => Array.from({ length: count }, (_, at) => ({ step: at + 1, loss: 8 / (at + 1) }));

describe('the loss curve', () => {
  it('goes from left to right, and down as the loss falls, within the picture', () => {
    const [line = []] = linesOf(lossCurve(falling(10), 'study/full'));
    expect(line).toHaveLength(10);
    for (const [at, [x, y]] of line.entries()) {
      const [before, above] = line[at - 1] ?? [0, 0];
      expect([x > before, y > above]).toEqual([true, true]);
      expect([x <= 760, y <= 380]).toEqual([true, true]);
    }
  });

  it('says the ends of the curve and how many values it has', () => {
    expect(lossCurve(falling(8), 'study/full')).toContain('8 values, from 8 at step 1 to 1 at step 8');
  });

  it('keeps a peak of a long training, in a line of bounded length, and adds a mean', () => {
    const points = Array.from({ length: 20_000 }, (_, at) => ({ step: at + 1, loss: at === 11_111 ? 50 : 1 }));
    const [each = [], mean = []] = linesOf(lossCurve(points, 'study/full'));
    expect(each.length).toBeLessThanOrEqual(600);
    const tops = [each, mean].map((line) => Math.min(...line.map(([, y]) => y)));
    const bottom = Math.max(...each.map(([, y]) => y));
    expect(bottom - (tops[0] ?? 0)).toBeGreaterThan(200);
    expect(bottom - (tops[1] ?? 0)).toBeLessThan(20);
  });

  it('counts values that are no numbers, and draws the others', () => {
    const svg = lossCurve([...falling(4), { step: 5, loss: NaN }], 'study/full');
    expect(svg).toContain('1 value left out: no number');
    expect(linesOf(svg)[0]).toHaveLength(4);
  });

  it('is a picture also of nothing and of one value, and takes any title', () => {
    expect(lossCurve([], 'a<b>&"c"')).toContain('no loss was reported');
    expect(lossCurve([], 'a<b>')).toContain('a&lt;b&gt;');
    expect(lossCurve([{ step: 3, loss: 2 }], 'study/full')).not.toContain('NaN');
  });
});
