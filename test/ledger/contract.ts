import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../activities/ledger/ledger.ts';
import type { Ambiguity } from '../../schemas/ambiguity.ts';
import type { LedgerEntry } from '../../schemas/ledger-entry.ts';
import { rolloutId } from '../../schemas/rollout-id.ts';
import { all } from '../all.ts';
import { decided, keyOf, lost, planned, ref } from './records.ts';

/** An empty ledger, which more than one client may open. */
export interface LedgerPlace {
  open(): Ledger;
  remove(): Promise<void>;
}

/** What every implementation of the ledger has to do. */
export function ledgerContract(name: string, makePlace: () => Promise<LedgerPlace>): void {
  let place: LedgerPlace;
  let ledger: Ledger;

  describe(`${name}: the port`, () => {
    beforeEach(async () => {
      place = await makePlace();
      ledger = place.open();
    });
    afterEach(async () => {
      await ledger.close();
      await place.remove();
    });

    describe('lists', () => {
      it('get every planned rollout with what was decided, and afterwards only what changed', async () => {
        const keys = [0, 1, 2].map((sample) => keyOf({ sample }));
        await ledger.planTasks([planned('acme__parser-7')]);
        await ledger.planRollouts([...keys, keyOf({ campaign: 'other' })].map((key) => ({ key, teacher: 'scripted' })));
        await ledger.recordEntries([decided(keyOf()), lost(keyOf({ sample: 1 }))]);
        const first = await ledger.listChanges('demo', null);
        expect(first.planned.map(({ rollout_id, sample, teacher }) => [rollout_id, sample, teacher])).toEqual(
          keys.map((key) => [rolloutId(key), key.sample, 'scripted']),
        );
        expect(first.decided).toMatchObject([
          { rollout_id: rolloutId(keyOf()), lost: false, resolved: 1, ending: 'finished', decided_by: null, bytes: 1 },
          { rollout_id: rolloutId(keyOf({ sample: 1 })), kept: false, lost: true, ending: '', bytes: null, categories: [] },
        ]);
        expect(first.sizes).toEqual({ rollouts: 3, entries: 2 });
        expect(await ledger.listChanges('demo', first.place)).toMatchObject({ planned: [], decided: [], place: first.place });

        await ledger.recordEntries([decided(keyOf(), { patch: '', preset: 'strict' }), decided(keyOf({ sample: 2 }), { resolved: 0 })]);
        const next = await ledger.listChanges('demo', first.place);
        expect(next.decided.map(({ rollout_id, decided_by }) => [rollout_id, decided_by])).toEqual([
          [rolloutId(keyOf({ sample: 2 })), null],
          [rolloutId(keyOf()), 'no_patch'],
        ]);
        expect(await ledger.listChanges('demo', next.place)).toMatchObject({ planned: [], decided: [] });
      });

      it('get each task, and later those alone that changed', async () => {
        await ledger.planTasks([planned('acme__parser-7'), planned('acme__parser-8', { state: 'gated_out' })]);
        await ledger.planTasks([planned('acme__parser-7', { campaign: 'another' })]);
        const first = await ledger.listChanges('demo', null);
        expect(first.tasks).toEqual([
          { instance_id: 'acme__parser-7', state: 'planned', language: 'go', repo: 'acme/parser', license: 'MIT' },
          { instance_id: 'acme__parser-8', state: 'gated_out', language: 'go', repo: 'acme/parser', license: 'MIT' },
        ]);
        await ledger.planTasks([planned('acme__parser-7'), planned('acme__parser-8', { state: 'gated_out' })]);
        expect(await ledger.listChanges('demo', first.place)).toMatchObject({ tasks: [], place: first.place });
        await ledger.changeTask('demo', 'acme__parser-7', { state: 'done' });
        const next = await ledger.listChanges('demo', first.place);
        expect(next.tasks.map(({ instance_id, state }) => [instance_id, state])).toEqual([['acme__parser-7', 'done']]);
        expect((await ledger.listChanges('demo', next.place)).tasks).toEqual([]);
        expect((await ledger.tasks('demo')).map(({ instance_id }) => instance_id)).toEqual(['acme__parser-7', 'acme__parser-8']);
      });

      it('get one rollout by its id alone', async () => {
        await ledger.planTasks([planned('acme__parser-7')]);
        await ledger.planRollouts([{ key: keyOf(), teacher: 'scripted' }]);
        expect(await ledger.plannedRollout(rolloutId(keyOf()))).toMatchObject({ rollout: { key: keyOf() }, entry: null });
        expect(await ledger.plannedRollout('demo')).toBeNull();
      });
    });

    describe('entries', () => {
      it('are one a trajectory; recording one again changes nothing', async () => {
        const entry = decided(keyOf());
        expect(await ledger.recordEntries([entry])).toBe(1);
        expect(await ledger.recordEntries([entry], 'again')).toBe(0);
        expect(await all(ledger.entries('demo'))).toEqual([entry]);
        expect(await ledger.revisions(entry.id)).toEqual([{ number: 1, reason: 'campaign', entry }]);
      });

      it('leave what they supersede readable, with the reason of each', async () => {
        const [first, second] = [decided(keyOf(), { patch: '' }), decided(keyOf(), { patch: '', preset: 'strict' })];
        await ledger.recordEntries([first]);
        await ledger.recordEntries([second], 'judged again by preset strict');
        expect(await ledger.entry(first.id)).toEqual(second);
        expect(await ledger.revisions(first.id)).toEqual([
          { number: 1, reason: 'campaign', entry: first },
          { number: 2, reason: 'judged again by preset strict', entry: second },
        ]);
      });

      it('come sorted by id, and by task, over as many pages as it takes', async () => {
        const tasks = Array.from({ length: 70 }, (_, number) => `acme__parser-${number}`);
        const rows = tasks.flatMap((instance_id) => (['think', 'no_think'] as const).map((mode) => decided(keyOf({ instance_id, mode }))));
        expect(await ledger.recordEntries(rows)).toBe(140);
        const ids = (await all(ledger.entries('demo'))).map(({ id }) => id);
        expect(ids).toEqual(rows.map(({ id }) => id).toSorted());
        const byTask = (await all(ledger.entriesByTask('demo'))).map((found) => found.map(({ key }) => key.instance_id));
        expect(byTask).toEqual(tasks.toSorted().map((id) => [id, id]));
        expect(await all(ledger.entries('another'))).toEqual([]);
        expect(await all(ledger.entriesByTask('another'))).toEqual([]);
      });
    });

    describe('reading many entries', () => {
      it('lets the event loop run after each page, however slow the reader is', async () => {
        const samples = Array.from({ length: 1000 }, (_, sample) => decided(keyOf({ sample })));
        await ledger.recordEntries(samples);
        let sinceTurn = 0;
        let most = 0;
        const turn = () => {
          sinceTurn = 0;
          timer = setImmediate(turn);
        };
        let timer = setImmediate(turn);
        // Work, so that the next page is always there before this one is done with.
        for await (const { id } of ledger.entries('demo')) {
          for (const until = performance.now() + 0.2; performance.now() < until; ) JSON.stringify(id);
          most = Math.max(most, ++sinceTurn);
        }
        clearImmediate(timer);
        expect(most).toBeGreaterThan(0);
        expect(most).toBeLessThanOrEqual(100);
      });
    });

    describe('planning', () => {
      it('gives tasks and rollouts back in the order of their ids', async () => {
        const ids = ['zeta__z-1', 'acme__parser-7', 'beta__b-2'];
        await ledger.planTasks(ids.map((id) => planned(id)));
        await ledger.planRollouts(ids.map((instance_id) => ({ key: keyOf({ instance_id }), teacher: 'scripted' })));
        expect((await ledger.tasks('demo')).map(({ instance_id }) => instance_id)).toEqual(ids.toSorted());
        expect((await ledger.rollouts('demo')).map(({ key }) => key.instance_id)).toEqual(ids.toSorted());
        expect([await ledger.hasCampaign('demo'), await ledger.hasCampaign('dem')]).toEqual([true, false]);
      });

      it('again leaves what became of a task meanwhile', async () => {
        await ledger.planTasks([planned('acme__parser-7')]);
        await ledger.changeTask('demo', 'acme__parser-7', { gate: { passed: true, reason: '' } });
        await ledger.changeTask('demo', 'acme__parser-7', { state: 'done', gate: undefined });
        await ledger.planTasks([planned('acme__parser-7'), planned('acme__parser-8')]);
        const known = { type: 'task', ...planned('acme__parser-7') };
        expect(await ledger.task('demo', 'acme__parser-7')).toEqual({ ...known, state: 'done', gate: { passed: true, reason: '' } });
        expect((await ledger.tasks('demo')).map(({ state }) => state)).toEqual(['done', 'planned']);
      });

      it('is what a task needs before anything of it can change', async () => {
        await expect(ledger.changeTask('demo', 'acme__parser-7', { state: 'done' })).rejects.toMatchObject({
          code: 'unknown_task',
          message: expect.stringContaining(ledger.location),
        });
        expect(await ledger.tasks('demo')).toEqual([]);
      });

      it('takes more records than fit one batch', async () => {
        const rollouts = Array.from({ length: 1201 }, (_, sample) => ({ key: keyOf({ sample }), teacher: 'scripted' }));
        await ledger.planRollouts(rollouts);
        expect(await ledger.rollouts('demo')).toHaveLength(1201);
      });
    });

    describe('a campaign', () => {
      const progress = {
        campaign: 'demo',
        state: 'done' as const,
        tasks: 1,
        skipped: 0,
        started: 1,
        concurrency: 1,
        budget: { tokens: 0, cost_usd: 0 },
        pauses: [],
        in_flight: [],
        prefetched: [],
        release: null,
        counts: { done: 1, gated_out: 0, failed: 0, cancelled: 0 },
        totals: { planned: 1, done: 1, lost: 0, kept: 1, resolved: 1, turns: 0, prompt_tokens: 0, completion_tokens: 0, cost_usd: 0 },
        detail: '',
      };

      it('is listed by name, with its plan and its end', async () => {
        await ledger.recordCampaign({ campaign: 'zeta', plan: null });
        await ledger.recordCampaign({ campaign: 'demo', plan: ref });
        expect((await ledger.campaigns()).map(({ campaign, plan }) => [campaign, plan])).toEqual([
          ['demo', ref],
          ['zeta', null],
        ]);
        expect(await ledger.campaign('demo')).toEqual({ type: 'campaign', campaign: 'demo', plan: ref });
        expect([await ledger.campaign('none'), await ledger.campaignEnd('demo')]).toEqual([null, null]);
        await ledger.recordCampaignEnd({ plan: ref, progress });
        expect(await ledger.campaignEnd('demo')).toMatchObject({ plan: ref, progress: { campaign: 'demo', state: 'done' } });
      });

      it('can be removed with all that belongs to it, and nothing else', async () => {
        const rollouts = Array.from({ length: 600 }, (_, sample) => ({ key: keyOf({ sample }), teacher: 'scripted' }));
        const other = keyOf({ campaign: 'demo-2' });
        await ledger.recordCampaign({ campaign: 'demo', plan: null });
        await ledger.planTasks([planned('acme__parser-7'), planned('acme__parser-7', { campaign: 'demo-2' })]);
        await ledger.planRollouts([...rollouts, { key: other, teacher: 'scripted' }]);
        for (const key of [keyOf(), other]) {
          await ledger.recordAttempt({ key, attempt: 1, stage: 'rollout', outcome: 'finished', code: '', detail: '' });
          await ledger.recordEntries([decided(key)]);
          await ledger.recordEntries([decided(key, { patch: '' })]);
        }
        await ledger.removeCampaign('demo');
        const left = [await ledger.campaign('demo'), await ledger.tasks('demo'), await ledger.rollouts('demo')];
        expect([...left, await all(ledger.entries('demo'))]).toEqual([null, [], [], []]);
        expect([await ledger.attempts(keyOf()), await ledger.revisions(decided(keyOf()).id)]).toEqual([[], []]);
        expect([await ledger.tasks('demo-2'), await ledger.rollouts('demo-2'), await ledger.attempts(other)]).toMatchObject([
          [{}],
          [{}],
          [{}],
        ]);
        expect(await ledger.revisions(decided(other).id)).toHaveLength(2);
      });
    });

    describe('the funnel', () => {
      it('adds up to what was planned, in total and by cell, whatever became of the rollouts', async () => {
        const doubt: Ambiguity = { cause: 'equal_names', hides: 'passed', tests: ['adds'], line: '' };
        const fates: [string, LedgerEntry | null][] = [
          ['a__a-1', decided(keyOf({ instance_id: 'a__a-1' }))],
          ['a__a-2', decided(keyOf({ instance_id: 'a__a-2' }), { resolved: 0, ambiguous: [doubt] })],
          ['a__a-3', decided(keyOf({ instance_id: 'a__a-3' }), { resolved: -1 })],
          ['a__a-4', decided(keyOf({ instance_id: 'a__a-4' }), { patch: '', ambiguous: [doubt] })],
          ['a__a-5', lost(keyOf({ instance_id: 'a__a-5' }))],
          ['a__a-6', lost(keyOf({ instance_id: 'a__a-6' }), 'gate')],
          ['a__a-7', null],
          ['a__a-8', null],
          ['a__a-9', null],
          ['a__b-1', decided(keyOf({ instance_id: 'a__b-1' }), { unread: ['a reply of no known form'] })],
        ];
        await ledger.planRollouts(fates.map(([instance_id]) => ({ key: keyOf({ instance_id }), teacher: 'scripted' })));
        await ledger.recordEntries(fates.flatMap(([, entry]) => (entry === null ? [] : [entry])));
        await ledger.planTasks([planned('a__a-7'), planned('a__a-8', { state: 'gated_out' }), planned('a__a-9', { state: 'failed' })]);
        const { total, cells } = await ledger.campaignFunnel('demo');
        expect(total).toEqual({
          planned: 10,
          open: 1,
          gated_out: 2,
          lost: 2,
          unparsed: 1,
          dropped: 1,
          dropped_by: { no_patch: 1 },
          kept: 3,
          resolved: 1,
          unresolved: 1,
          unknown: 1,
          ambiguous: 1,
          not_judged: {},
        });
        expect(cells.map(({ language, counts }) => [language, counts.planned])).toEqual([
          ['go', 3],
          ['python', 7],
        ]);
        for (const { open, gated_out, lost: gone, unparsed, dropped, kept, planned: of } of [total, ...cells.map(({ counts }) => counts)]) {
          expect(open + gated_out + gone + unparsed + dropped + kept).toBe(of);
        }
      });
    });

    it('counts by rule the rows of other tools that it could not judge', async () => {
      const unknown = ['a__c-1', 'a__c-2'].map((instance_id) => decided(keyOf({ campaign: 'others', instance_id }), { lacks: ['ending'] }));
      await ledger.recordCampaign({ campaign: 'others', plan: null });
      await ledger.planRollouts(unknown.map(({ key }) => ({ key, teacher: 'scripted' })));
      await ledger.recordEntries(unknown);
      const { total, cells } = await ledger.campaignFunnel('others');
      expect(total).toMatchObject({ planned: 2, kept: 2, not_judged: { limits: 2, context_overflow: 2 } });
      expect(cells.map(({ counts }) => counts.not_judged)).toEqual([total.not_judged]);
    });

    describe('finding a rollout', () => {
      beforeEach(async () => {
        const keys = [keyOf(), keyOf({ mode: 'no_think' }), keyOf({ instance_id: 'acme__parser-70' })];
        await ledger.planRollouts(keys.map((key) => ({ key, teacher: 'scripted' })));
        await ledger.recordEntries([decided(keyOf())]);
      });

      it.each([
        ['demo/acme__parser-7/openhands/think/0', 1],
        ['acme__parser-7/openhands', 2],
        ['acme__parser-7', 3],
        ['demo/', 3],
        ['acme%', 0],
        ['parser', 0],
      ])('%s gives %i', async (text, count) => {
        expect(await ledger.find(text)).toHaveLength(count);
      });

      it('works by trajectory id or its beginning, and gives the entry along', async () => {
        const { id } = decided(keyOf());
        for (const text of [id, id.slice(0, 8)])
          expect(await ledger.find(text)).toEqual([
            { rollout: { type: 'rollout', key: keyOf(), teacher: 'scripted' }, entry: decided(keyOf()) },
          ]);
      });
    });

    describe('attempts', () => {
      it('show infrastructure failures also after a success', async () => {
        const attempt = { key: keyOf(), stage: 'rollout' as const, detail: '' };
        await ledger.recordAttempt({ ...attempt, attempt: 1, outcome: 'infrastructure', code: 'engine_unreachable' });
        await ledger.recordAttempt({ ...attempt, attempt: 2, outcome: 'finished', code: '' });
        expect((await ledger.attempts(keyOf())).map(({ outcome, code }) => [outcome, code])).toEqual([
          ['infrastructure', 'engine_unreachable'],
          ['finished', ''],
        ]);
      });
    });

    describe('runs', () => {
      const stored = (digit: string) => ({ ...ref, sha256: digit.repeat(64) });
      const at = (minute: number) => `2026-01-02T03:0${minute}:00.000Z`;

      it('supersede what was recorded of the same kind and name, and leave it readable', async () => {
        const run = { kind: 'training' as const, name: 'study/coder' };
        expect([await ledger.run('training', 'study/coder'), await ledger.runs('training')]).toEqual([null, []]);
        for (const [minute, digit] of ['1', '2', '1'].entries()) {
          await ledger.recordRun({ ...run, record: stored(digit), recorded_at: at(minute) });
        }
        expect(await ledger.run('training', 'study/coder')).toEqual({ type: 'run', ...run, record: stored('1'), recorded_at: at(2) });
        expect((await ledger.runHistory('training', 'study/coder')).map(({ record }) => record.sha256[0])).toEqual(['1', '2', '1']);
      });

      it('that are recorded again, by a second try at another time, change nothing', async () => {
        for (const minute of [1, 2]) {
          await ledger.recordRun({ kind: 'evaluation', name: 'nightly', record: stored('1'), recorded_at: at(minute) });
        }
        expect(await ledger.runHistory('evaluation', 'nightly')).toMatchObject([{ recorded_at: at(1) }]);
      });

      it('are listed by kind, the newest of each name', async () => {
        for (const [minute, name] of ['study/thinking', 'nightly', 'nightly'].entries()) {
          await ledger.recordRun({ kind: 'evaluation', name, record: stored(String(minute)), recorded_at: at(minute) });
        }
        await ledger.recordRun({ kind: 'acceptance', name: 'nightly', record: stored('1'), recorded_at: at(1) });
        expect((await ledger.runs('evaluation')).map(({ name, recorded_at }) => [name, recorded_at])).toEqual([
          ['nightly', at(2)],
          ['study/thinking', at(0)],
        ]);
        expect(await ledger.runs('acceptance')).toHaveLength(1);
      });

      it('stay when the campaign of their name is removed', async () => {
        await ledger.recordCampaign({ campaign: 'demo', plan: null });
        await ledger.recordRun({ kind: 'pipeline', name: 'demo', record: ref, recorded_at: at(1) });
        await ledger.removeCampaign('demo');
        expect(await ledger.run('pipeline', 'demo')).toMatchObject({ name: 'demo' });
      });
    });

    describe('a record of the wrong shape', () => {
      it('is refused, and those given at the same time are written', async () => {
        const bad = ledger.recordCampaign({ campaign: 'No Good Name', plan: null });
        const good = ledger.recordCampaign({ campaign: 'demo', plan: null });
        await expect(bad).rejects.toThrow(/lower-case letters/);
        await good;
        expect((await ledger.campaigns()).map(({ campaign }) => campaign)).toEqual(['demo']);
      });
    });

    describe('closing', () => {
      it('waits for writes that are under way, and refuses later ones', async () => {
        const rollouts = Array.from({ length: 1500 }, (_, sample) => ({ key: keyOf({ sample }), teacher: 'scripted' }));
        const writing = ledger.planRollouts(rollouts);
        await ledger.close();
        await writing;
        await expect(ledger.recordCampaign({ campaign: 'demo', plan: null })).rejects.toMatchObject({ code: 'ledger_closed' });
        await expect(ledger.campaigns()).rejects.toMatchObject({ code: 'ledger_closed' });
        ledger = place.open();
        expect(await ledger.rollouts('demo')).toHaveLength(1500);
      });
    });

    describe('two clients', () => {
      it('see what the other recorded as soon as its call has resolved', async () => {
        const other = place.open();
        try {
          await ledger.planTasks([planned('acme__parser-7')]);
          await other.changeTask('demo', 'acme__parser-7', { state: 'done' });
          expect(await ledger.task('demo', 'acme__parser-7')).toMatchObject({ state: 'done' });
        } finally {
          await other.close();
        }
      });
    });
  });
}
