import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '../../activities/ledger/ledger.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { RECORDS_A_BATCH } from '../../activities/ledger/local/requests.ts';
import type { Ambiguity } from '../../schemas/ambiguity.ts';
import { all } from '../all.ts';
import { decided, keyOf, planned, ref } from './records.ts';

const module = join(import.meta.dirname, '../../activities/ledger/local/local-ledger.ts');

let folder: string;
let path: string;
let log: string;
let ledger: Ledger;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-ledger-'));
  path = join(folder, 'ledger.sqlite');
  log = join(folder, 'records', 'demo.jsonl');
  ledger = openLocalLedger(path);
});
afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

/** All that the ledger says of the campaign and the row. */
async function content(id: string): Promise<unknown> {
  return [
    await ledger.campaigns(),
    await ledger.tasks('demo'),
    await ledger.rollouts('demo'),
    await all(ledger.entries('demo')),
    await ledger.revisions(id),
    await ledger.campaignFunnel('demo'),
  ];
}

/** Closes the ledger, removes its database and opens it again, so that only the log is left of it. */
async function rebuild(): Promise<void> {
  await ledger.close();
  rmSync(path);
  ledger = openLocalLedger(path);
}

function logLines(): string[] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

describe('the records beside the database', () => {
  it('give the same ledger again, without a line that a crash tore', async () => {
    await ledger.recordCampaign({ campaign: 'demo', plan: ref });
    await ledger.planTasks([planned('acme__parser-7')]);
    await ledger.changeTask('demo', 'acme__parser-7', { state: 'done' });
    await ledger.planRollouts([{ key: keyOf(), teacher: 'scripted' }]);
    const [first, second] = [decided(keyOf(), { patch: '' }), decided(keyOf())];
    await ledger.recordEntries([first]);
    appendFileSync(log, '\n{"type":"entry","reason":"cam');
    await ledger.recordEntries([second], 'again');
    appendFileSync(log, '\n{"type":"campaign","campaign":"dem');
    const before = await content(first.id);
    await rebuild();
    expect(await content(first.id)).toEqual(before);
    expect(await ledger.revisions(first.id)).toHaveLength(2);
  });

  it('give runs again that belong to no campaign, with their history', async () => {
    for (const [minute, digit] of ['1', '2'].entries()) {
      const record = { ...ref, sha256: digit.repeat(64) };
      await ledger.recordRun({ kind: 'training', name: 'study/coder', record, recorded_at: `2026-01-02T03:0${minute}:00.000Z` });
    }
    const before = await ledger.runHistory('training', 'study/coder');
    await rebuild();
    expect(before).toHaveLength(2);
    expect(await ledger.runHistory('training', 'study/coder')).toEqual(before);
  });

  it('are written once for what changed only', async () => {
    for (let time = 0; time < 3; time += 1) await ledger.recordCampaign({ campaign: 'demo', plan: null });
    expect(logLines()).toHaveLength(1);
  });

  it('hold an entry once a revision, as the database does', async () => {
    const entry = decided(keyOf());
    await ledger.recordEntries([entry]);
    await ledger.recordEntries([decided(keyOf(), { patch: '' })]);
    await ledger.close();
    expect(logLines().filter((line) => line.includes(entry.id))).toHaveLength(2);
    const database = new DatabaseSync(path);
    const stored = database.prepare('SELECT json FROM entries UNION ALL SELECT json FROM superseded').all();
    database.close();
    expect(stored).toHaveLength(2);
  });

  it('are not written where a record is refused', async () => {
    await expect(ledger.recordCampaign({ campaign: 'No Good Name', plan: null })).rejects.toThrow(/lower-case letters/);
    expect(existsSync(log)).toBe(false);
  });

  it('of another version are named, instead of being left out', async () => {
    await ledger.recordCampaign({ campaign: 'demo', plan: null });
    appendFileSync(log, '\n{"type":"judgement"}\n');
    await rebuild();
    await expect(ledger.campaigns()).rejects.toMatchObject({ code: 'record_unreadable', message: expect.stringContaining('demo.jsonl:4') });
  });
});

describe('a database of the version that knew no runs', () => {
  it('gets their table at its first use, and keeps what it holds', async () => {
    await ledger.recordCampaign({ campaign: 'demo', plan: null });
    await ledger.close();
    const database = new DatabaseSync(path);
    database.exec('DROP TABLE runs; ALTER TABLE entries DROP COLUMN ambiguous; PRAGMA user_version = 1;');
    database.close();
    ledger = openLocalLedger(path);
    await ledger.recordRun({ kind: 'training', name: 'study/coder', record: ref, recorded_at: '2026-01-02T03:04:05.000Z' });
    expect([await ledger.runs('training'), await ledger.campaigns()]).toMatchObject([[{ name: 'study/coder' }], [{ campaign: 'demo' }]]);
  });
});

describe('a database of the version that counted no ambiguous verdicts', () => {
  it('counts those of its first use on, and keeps its entries', async () => {
    const doubt: Ambiguity = { cause: 'totals', hides: 'failed', tests: [], line: '' };
    const keys = [keyOf({ sample: 0 }), keyOf({ sample: 1 })];
    await ledger.planRollouts(keys.map((key) => ({ key, teacher: 'scripted' })));
    await ledger.recordEntries(keys.slice(0, 1).map((key) => decided(key)));
    await ledger.close();
    const database = new DatabaseSync(path);
    database.exec('ALTER TABLE entries DROP COLUMN ambiguous; PRAGMA user_version = 2;');
    database.close();
    ledger = openLocalLedger(path);
    await ledger.recordEntries(keys.slice(1).map((key) => decided(key, { ambiguous: [doubt] })));
    expect((await ledger.campaignFunnel('demo')).total).toMatchObject({ kept: 2, ambiguous: 1 });
  });
});

describe('a database that cannot be used', () => {
  it('is a problem that names it, of every call', async () => {
    writeFileSync(path, 'no database at all'.repeat(100));
    const problem = { code: 'ledger_failed', message: expect.stringContaining(path), hint: expect.stringContaining('delete it') };
    await expect(ledger.campaigns()).rejects.toMatchObject(problem);
    await expect(ledger.recordCampaign({ campaign: 'demo', plan: null })).rejects.toMatchObject(problem);
  });
});

describe('writes', () => {
  it('that are asked for at once share transactions, appends and fsyncs', async () => {
    await ledger.campaigns();
    const calls = Array.from({ length: 100 }, (_, sample) => ledger.planRollouts([{ key: keyOf({ sample }), teacher: 'scripted' }]));
    await Promise.all(calls);
    expect(appends().length).toBeLessThan(50);
    expect(logLines()).toHaveLength(100);
  });

  it('never put more records into one transaction than others can wait for', async () => {
    const rollouts = Array.from({ length: 1300 }, (_, sample) => ({ key: keyOf({ sample }), teacher: 'scripted' }));
    await Promise.all([ledger.planRollouts(rollouts), ledger.planTasks(Array.from({ length: 700 }, (_, n) => planned(`a__a-${n}`)))]);
    expect(appends().every((records) => records <= RECORDS_A_BATCH)).toBe(true);
    expect(logLines()).toHaveLength(2000);
  });

  /** Records of each append: every one begins with an empty line. */
  function appends(): number[] {
    return readFileSync(log, 'utf8')
      .split(/^\n/m)
      .flatMap((block) => (block === '' ? [] : [block.trimEnd().split('\n').length]));
  }
});

describe('a writer in another process', () => {
  it('that holds the lock stops neither the event loop nor readers', async () => {
    await ledger.planTasks([planned('acme__parser-7')]);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    let written = false;
    const writing = ledger.changeTask('demo', 'acme__parser-7', { state: 'done' }).then(() => {
      written = true;
    });
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    const until = performance.now() + 400;
    while (performance.now() < until) expect(await ledger.task('demo', 'acme__parser-7')).toMatchObject({ state: 'planned' });
    clearInterval(timer);
    expect(written).toBe(false);
    expect(ticks).toBeGreaterThan(20);
    other.exec('ROLLBACK');
    other.close();
    await writing;
    expect(await ledger.task('demo', 'acme__parser-7')).toMatchObject({ state: 'done' });
  });

  it('gets its turn between the batches of a long write', async () => {
    const other = openLocalLedger(path);
    try {
      await Promise.all([ledger.campaigns(), other.campaigns()]);
      const rollouts = Array.from({ length: 20 * RECORDS_A_BATCH }, (_, sample) => ({ key: keyOf({ sample }), teacher: 'scripted' }));
      let planning = true;
      const writing = ledger.planRollouts(rollouts).finally(() => {
        planning = false;
      });
      let turns = 0;
      const key = keyOf({ instance_id: 'shared__task-1' });
      for (; planning; turns += 1)
        await other.recordAttempt({ key, attempt: turns + 1, stage: 'rollout', outcome: 'finished', code: '', detail: '' });
      await writing;
      // One that had to wait for the whole write would have had one turn.
      expect(turns).toBeGreaterThan(4);
      expect(await ledger.attempts(key)).toHaveLength(turns);
    } finally {
      await other.close();
    }
  }, 60_000);

  it('loses no record while this one plans a campaign', async () => {
    const rollouts = Array.from({ length: 2000 }, (_, sample) => ({ key: keyOf({ sample }), teacher: 'scripted' }));
    const writers = ['one', 'two', 'three'].map((name) =>
      spawn(process.execPath, [join(import.meta.dirname, 'write-records.ts'), path, name], { stdio: 'inherit' }),
    );
    const ended = Promise.all(writers.map(async (writer) => (await once(writer, 'exit'))[0]));
    await ledger.planRollouts(rollouts);
    expect(await ended).toEqual([0, 0, 0]);
    expect(await ledger.rollouts('demo')).toHaveLength(2120);
    const shared = keyOf({ instance_id: 'shared__task-1' });
    expect(await ledger.attempts(shared)).toHaveLength(40);
    expect(logLines()).toHaveLength(2160);
    await rebuild();
    expect(await ledger.rollouts('demo')).toHaveLength(2120);
    expect(await ledger.attempts(shared)).toHaveLength(40);
  }, 60_000);
});

describe('a process that is killed in a long write', () => {
  it('leaves a ledger that agrees with its records, and the write can be repeated', async () => {
    await ledger.recordCampaign({ campaign: 'demo', plan: null });
    const program = `
      const { openLocalLedger } = await import(${JSON.stringify(module)});
      const key = { campaign: 'demo', instance_id: 'acme__parser-7', harness: 'openhands', mode: 'think' };
      const rollouts = Array.from({ length: 100_000 }, (_, sample) => ({ key: { ...key, sample }, teacher: 'scripted' }));
      await openLocalLedger(${JSON.stringify(path)}).planRollouts(rollouts);`;
    const writer = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' });
    while ((await ledger.rollouts('demo')).length < 3 * RECORDS_A_BATCH) await sleep(10);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const left = await ledger.rollouts('demo');
    expect(left.length % RECORDS_A_BATCH).toBe(0);
    const again = Array.from({ length: left.length + 10 }, (_, sample) => ({ key: keyOf({ sample }), teacher: 'scripted' }));
    await ledger.planRollouts(again);
    const rollouts = await ledger.rollouts('demo');
    expect(rollouts).toHaveLength(again.length);
    await rebuild();
    // A batch whose lines were written and whose transaction was not comes back with the records.
    const known = new Set((await ledger.rollouts('demo')).map(({ key }) => key.sample));
    expect(rollouts.filter(({ key }) => !known.has(key.sample))).toEqual([]);
  }, 60_000);
});

describe('a process that only reads', () => {
  it('ends without closing the ledger', async () => {
    const program = `
      const { openLocalLedger } = await import(${JSON.stringify(module)});
      const ledger = openLocalLedger(${JSON.stringify(path)});
      console.log((await ledger.campaigns()).length);`;
    const reader = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    expect((await once(reader, 'exit'))[0]).toBe(0);
  });
});
