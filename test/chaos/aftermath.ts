import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import { demoCampaignName } from '../../demo/demo-campaign.ts';
import { paths } from '../../platform/home.ts';
import { askedTwice } from '../../demo/scripted-teacher/request-log.ts';
import type { TeacherLogEntry } from '../../schemas/teacher-log.ts';
import { compareReleases } from '../e2e/compare-releases.ts';
import { demoRelease } from '../e2e/demo-run.ts';
import { readJournals, repeatedWork } from '../e2e/journals.ts';
import type { TestHome } from '../e2e/test-home.ts';

/** What a disturbance left once the campaign has ended. */
export interface Aftermath {
  /** Between its release and the undisturbed one. */
  differences: string[];
  /** Exchanges that the teacher was asked for more often than its own failures explain. */
  asked_twice: string[];
  /** Commands that ran twice. */
  repeated: string[];
  /** Names of containers that are still there. */
  containers: string[];
  /** Rollouts without a row. */
  open: number;
  lost: number;
  gated_out: number;
}

export const unscathed: Aftermath = { differences: [], asked_twice: [], repeated: [], containers: [], open: 0, lost: 0, gated_out: 0 };

/** Looks at the home of this process after its campaign has ended. */
export async function aftermath(home: TestHome, undisturbedRelease: string, teacherLog: readonly TeacherLogEntry[]): Promise<Aftermath> {
  const ledger = openLocalLedger(paths.ledger());
  const { open, lost, gated_out } = (await ledger.campaignFunnel(demoCampaignName)).total;
  await ledger.close();
  return {
    differences: await compareReleases(undisturbedRelease, demoRelease()),
    asked_twice: askedTwice(teacherLog),
    repeated: repeatedWork(readJournals()),
    containers: (await home.containers()).map(({ name }) => name),
    open,
    lost,
    gated_out,
  };
}
