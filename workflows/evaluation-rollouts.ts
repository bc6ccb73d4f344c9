import {
  ApplicationFailure,
  CancellationScope,
  ChildWorkflowCancellationType,
  ChildWorkflowFailure,
  executeChild,
  ParentClosePolicy,
  sleep,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { CampaignRun } from '../schemas/campaign-run.ts';
import type { EvaluationServer, FinishEvaluationInput, PlannedEvaluation, ServerEnd } from '../schemas/evaluation-run.ts';
import { shortActivities } from './activity-proxies.ts';
import { campaign } from './campaign.ts';
import type { EvaluationActivities } from './contract/evaluation-activities.ts';
import { campaignWorkflowId } from './contract/ids.ts';
import { campaignAttributes } from './contract/search-keys.ts';
import type { EvaluationState } from './evaluation-state.ts';

/** Between an end of the server and its next start: doubled each time, up to the longest; seconds. */
const pause = { first: 2, longest: 300 };

/** Asks the canary, then runs the rollouts until none is left that another try could save. */
export async function askStudent(
  { plan }: PlannedEvaluation,
  base_url: string,
  state: EvaluationState,
  host: EvaluationActivities,
): Promise<void> {
  state.stage = 'canary';
  state.canary = await host.runCanary({ plan, base_url });
  state.stage = 'rollouts';
  const { run } = await host.planRollouts({ plan, base_url });
  for (;;) {
    const left = await rolloutsLost(run);
    if (!left || !state.mayRerun) return;
    state.reruns += 1;
  }
}

/** One start of the campaign, to its end. True when rollouts were lost to infrastructure, or tasks failed. */
async function rolloutsLost(run: CampaignRun): Promise<boolean> {
  for (;;) {
    try {
      await executeChild(campaign, {
        workflowId: campaignWorkflowId(run.campaign),
        args: [run],
        // Nobody would ask for its rollouts any more; its pull requests go on where they stopped at the next start.
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
        workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
        typedSearchAttributes: campaignAttributes(run.campaign),
      });
      return false;
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError) {
        // That of an evaluation that was terminated a moment ago: it has been asked to end.
        await campaignEnded(run.campaign);
        continue;
      }
      const cause = error instanceof ChildWorkflowFailure ? error.cause : undefined;
      if (cause instanceof ApplicationFailure && cause.type === 'campaign_incomplete') return true;
      throw cause ?? error;
    }
  }
}

async function campaignEnded(name: string): Promise<void> {
  while (await shortActivities.isCampaignRunning({ campaign: name })) await sleep('5 seconds');
}

/**
 * Starts the server, asks the student, and stops the server whatever happens. A server that ends meanwhile is started again;
 * the rollouts wait for it, or, when it comes back at another address, go on from their journals there.
 */
export async function withServer(
  planned: PlannedEvaluation,
  state: EvaluationState,
  host: EvaluationActivities,
): Promise<FinishEvaluationInput['server']> {
  const { plan } = planned;
  try {
    state.stage = 'serving';
    let base_url = await readyServer(planned, state, host);
    for (;;) {
      const moved = await whileServed(planned, base_url, state, host);
      if (moved === null) break;
      base_url = moved;
    }
    const { server } = state;
    return server === null ? null : { name: server.spec.name, command: server.spec.command };
  } finally {
    await CancellationScope.nonCancellable(async () => {
      const { server, stage } = state;
      if (server === null) return;
      state.stage = 'stopping';
      await host.stopServer({ plan, server });
      state.stage = stage;
      state.base_url = null;
    });
  }
}

/** Runs the rollouts while the server is watched. The new address when it came back elsewhere; null when they are done. */
async function whileServed(
  planned: PlannedEvaluation,
  base_url: string,
  state: EvaluationState,
  host: EvaluationActivities,
): Promise<string | null> {
  const asking = new CancellationScope();
  const watching = new CancellationScope();
  const asked = asking.run(() => askStudent(planned, base_url, state, host)).then(() => null);
  const moved = watching.run(() => addressChanged(planned, base_url, state, host));
  try {
    return await Promise.race([asked, moved]);
  } finally {
    watching.cancel();
    asking.cancel();
    // Two campaigns of one name never run at the same time.
    await CancellationScope.nonCancellable(() => Promise.allSettled([asked, moved]));
  }
}

/** Keeps the server up; resolves when it came back at another address. Throws what keeps it from coming back. */
async function addressChanged(
  planned: PlannedEvaluation,
  base_url: string,
  state: EvaluationState,
  host: EvaluationActivities,
): Promise<string> {
  for (;;) {
    const server = serverOf(state);
    const end = await host.watchServer({ plan: planned.plan, server });
    await restartAfter(end, server, state);
    const address = await readyServer(planned, state, host);
    if (address !== base_url) return address;
  }
}

/** Submits the server until it gives tokens, and says where. */
async function readyServer({ plan }: PlannedEvaluation, state: EvaluationState, host: EvaluationActivities): Promise<string> {
  for (;;) {
    // Not to be torn: it has to be known whether there is a job to be stopped.
    const server = await CancellationScope.nonCancellable(() => host.startServer({ plan }));
    state.server = server;
    const started = await host.awaitServer({ plan, server });
    if ('base_url' in started) {
      state.base_url = started.base_url;
      return started.base_url;
    }
    await restartAfter(started.end, server, state);
  }
}

async function restartAfter(end: ServerEnd, { spec }: EvaluationServer, state: EvaluationState): Promise<void> {
  if (!state.serverEnded(end)) {
    const { state: how, detail, lines } = end;
    throw ApplicationFailure.create({
      type: 'server_failed',
      message: `server ${spec.name} ended again (${how}${detail === '' ? '' : `: ${detail}`}); it was started again as often as model.serve.restarts allows; its last lines:\n${lines.join('\n')}`,
      nonRetryable: true,
      details: [`see its output: tracemill job logs ${spec.name}; what was finished stays, and another start goes on`],
    });
  }
  await sleep(1000 * Math.min(pause.longest, pause.first * 2 ** Math.min(10, state.restarts - 1)));
}

function serverOf({ server }: EvaluationState): EvaluationServer {
  if (server === null) throw ApplicationFailure.nonRetryable('no server was started', 'unexpected');
  return server;
}
