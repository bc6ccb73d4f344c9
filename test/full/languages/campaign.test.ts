import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLocalLedger } from '../../../activities/ledger/local/local-ledger.ts';
import type { CampaignStatus } from '../../../schemas/campaign-status.ts';
import { demoCampaignName } from '../../../demo/demo-campaign.ts';
import { type FoundRow, rowsOf } from '../../../demo/final-table.ts';
import { buildLanguageTasks, languageRecipes } from '../../../demo/language-tasks.ts';
import { demoScripts, type Fate } from '../../../demo/teacher-scripts.ts';
import { paths } from '../../../platform/home.ts';
import { askedTwice } from '../../../demo/scripted-teacher/request-log.ts';
import { demoEnd, demoRelease, type DemoRun, prepareDemoRun, startDemoRun } from '../../e2e/demo-run.ts';
import { readJournals, repeatedWork } from '../../e2e/journals.ts';
import { TestHome } from '../../e2e/test-home.ts';

/** SWE-agent ends a run after three answers in a row that it cannot use, which is what its script's mistakes are. */
const resolvedBy: Record<Fate, 0 | 1 | { openhands: 0 | 1; sweagent: 0 | 1 }> = {
  fixes: 1,
  fixes_after_mistakes: { openhands: 1, sweagent: 0 },
  reads_history: 1,
  downloads_upstream: 1,
  remembers_upstream: 1,
  wrong_fix: 0,
  gives_up: 0,
  loops: 0,
  edits_tests_only: 0,
};

const recipes = languageRecipes();
let home: TestHome;
let run: DemoRun;
let status: CampaignStatus;
let rows: FoundRow[];

beforeAll(async () => {
  home = new TestHome('languages-campaign');
  run = await prepareDemoRun({ tasks: buildLanguageTasks, latencyMs: 20 });
  await home.startWorker();
  await startDemoRun(home, run);
  status = await demoEnd();
  const ledger = openLocalLedger(paths.ledger());
  rows = await rowsOf(ledger, demoCampaignName);
  await ledger.close();
}, 2_400_000);

afterAll(async () => {
  await run?.teacher.close();
  await home.remove();
});

describe('a campaign over tasks in nine languages', () => {
  it('lets every task through the gate and runs both harnesses in both modes on it', () => {
    expect(status).toMatchObject({
      workflow: 'completed',
      progress: { state: 'done', counts: { done: recipes.length, failed: 0 } },
      funnel: { total: { planned: 4 * recipes.length, open: 0, lost: 0, gated_out: 0 } },
    });
  });

  it('gives every rollout the verdict that its script leads to', () => {
    const expected = demoScripts(run.tasks, 0).map(({ name, match: { harness } }) =>
      name.replace(/: (\w+)$/, (_, fate) => `: ${resolvedOf(fate, harness)}`),
    );
    const found = rows.map(({ task, harness, mode, resolved }) => `${task} ${harness} ${mode}: ${resolved}`);
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it('asks the teacher once for every turn and carries out every command once', () => {
    expect(askedTwice(run.teacher.log())).toEqual([]);
    expect(repeatedWork(readJournals())).toEqual([]);
  });

  it('releases rows of each language', async () => {
    const database = await DuckDBInstance.create(':memory:');
    const connection = await database.connect();
    const shards = join(demoRelease(), 'data', '**', '*.parquet');
    const query = 'SELECT DISTINCT language FROM read_parquet($shards) WHERE resolved = 1 ORDER BY 1';
    const released = await connection.runAndReadAll(query, { shards });
    database.closeSync();
    expect(released.getRows().flat()).toEqual(['c', 'cpp', 'go', 'java', 'js', 'php', 'python', 'rust', 'ts']);
  });

  it('leaves no container behind', async () => {
    expect(await home.containers()).toEqual([]);
  });
});

function resolvedOf(fate: string, harness: string | undefined): 0 | 1 | undefined {
  const resolved = Object.entries(resolvedBy).find(([name]) => name === fate)?.[1];
  return typeof resolved === 'object' ? resolved[harness === 'sweagent' ? harness : 'openhands'] : resolved;
}
