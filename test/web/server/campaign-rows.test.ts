import { describe, expect, it } from 'vitest';
import type { DecidedRow, ListChanges, TaskState } from '../../../activities/ledger/ledger.ts';
import { CampaignRows } from '../../../web/server/live/campaign-rows.ts';

const planned = ['a', 'b'].map((sample) => ({
  rollout_id: `c/o__r-1/openhands/think/${sample}`,
  instance_id: 'o__r-1',
  harness: 'openhands',
  mode: 'think',
  sample: sample === 'a' ? 0 : 1,
  teacher: 't',
}));
const [first, second] = planned.map(({ rollout_id }) => rollout_id);

/** A ledger of two rollouts, none of them decided at first. */
function ledger() {
  const decided: DecidedRow[] = [];
  const task: TaskState = { instance_id: 'o__r-1', state: 'planned', language: 'go', repo: 'o/r', license: 'MIT' };
  return {
    decided,
    task,
    listChanges: async (_campaign: string, since: unknown): Promise<ListChanges> => ({
      place: { rollouts: 2, entries: decided.length, changed: 0, tasks: 1 },
      planned: since === null ? planned : [],
      decided: [...decided],
      tasks: since === null ? [task] : [],
      sizes: { rollouts: 2, entries: decided.length },
    }),
  };
}

describe('stages of open rows', () => {
  it('are those that are known, planned where none is and all are known, and open where nobody answers', async () => {
    const rows = new CampaignRows(ledger(), 'c');
    const stage = async (...given: Parameters<CampaignRows['list']>) => (await rows.list(...given)).rows.map((row) => row.stage);
    expect(await stage()).toEqual(['open', 'open']);
    const of = new Map([[first ?? '', 'verification']]);
    expect(await stage({ version: 1, of, tasks: new Map(), others: 'planned', missing: [] })).toEqual(['verification', 'planned']);
    expect(await stage({ version: 2, of: new Map(), tasks: new Map(), others: 'open', missing: ['no worker'] })).toEqual(['open', 'open']);
  });

  it('make another version of the list when they change, and only then', async () => {
    const rows = new CampaignRows(ledger(), 'c');
    const one = await rows.list({ version: 1, of: new Map([[first ?? '', 'rollout']]), tasks: new Map(), others: 'planned', missing: [] });
    expect(await rows.list({ version: 1, of: new Map([[first ?? '', 'rollout']]), tasks: new Map(), others: 'planned', missing: [] })).toBe(
      one,
    );
    const two = await rows.list({ version: 2, of: new Map([[first ?? '', 'scan']]), tasks: new Map(), others: 'planned', missing: [] });
    expect(two.version).not.toBe(one.version);
    const query = { where: { stage: ['scan'] }, text: '', sort: '', descending: false, after: null, limit: 10 };
    expect(two.page(query)).toMatchObject({ matched: 1, total: 2, facets: { stage: { scan: 1 } } });
  });

  it('say nothing of a row that ended without being decided', async () => {
    const known = ledger();
    known.task.state = 'failed';
    const { rows } = await new CampaignRows(known, 'c').list({
      version: 1,
      of: new Map([[second ?? '', 'rollout']]),
      tasks: new Map(),
      others: 'planned',
      missing: [],
    });
    expect(rows.map(({ stage, fate }) => `${stage} ${fate}`)).toEqual(['ended lost', 'ended lost']);
  });
});
