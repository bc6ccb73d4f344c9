import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../activities/planning/cells.ts';
import { Campaign } from '../../schemas/campaign.ts';

const teacher = { model: 'm', base_url: 'http://localhost/v1' };

function cells(more: object): string[] {
  const campaign = Campaign.parse({ name: 'c', tasks: ['t'], teachers: { a: teacher, b: teacher }, ...more });
  return cellsOf(campaign).map(({ harness, mode, teacher: name, sample }) => `${harness} ${mode} ${name} ${sample}`);
}

describe('the cells of a campaign', () => {
  it('are every harness in every mode as often as there are samples', () => {
    const all = cells({ harnesses: { sweagent: {}, openhands: {} }, modes: { no_think: 'b', think: 'a' }, samples: 2 });
    expect(all).toHaveLength(8);
    expect(new Set(all).size).toBe(8);
    expect(all).toContain('sweagent no_think b 1');
  });

  it('come in one order however the file is written', () => {
    expect(cells({ harnesses: { sweagent: {}, openhands: {} }, modes: { think: 'a' } })).toEqual([
      'openhands think a 0',
      'sweagent think a 0',
    ]);
    expect(cells({ harnesses: { sweagent: {}, openhands: {} }, modes: { no_think: 'b', think: 'a' } })).toEqual(
      cells({ harnesses: { openhands: {}, sweagent: {} }, modes: { think: 'a', no_think: 'b' } }),
    );
  });

  it('leave out what the campaign does not run', () => {
    expect(cells({ harnesses: { sweagent: {} }, modes: { think: 'a' } })).toEqual(['sweagent think a 0']);
  });
});
