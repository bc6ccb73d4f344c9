import { Context } from '@temporalio/activity';
import { asActivityFailure } from '../../workers/activity-failure.ts';
import type { Problem } from '../../schemas/problem.ts';
import type { CampaignRun } from '../../schemas/campaign-run.ts';
import { EvaluationFile } from '../../schemas/evaluation.ts';
import type { EvaluationResult, EvaluationServer, PlannedEvaluation, ServerEnd } from '../../schemas/evaluation-run.ts';
import type { EvaluationActivities } from '../../workflows/contract/evaluation-activities.ts';

const ref = { sha256: 'b'.repeat(64), size_bytes: 1, content_type: 'application/json' };

/** What the steps of an evaluation do, and a record of what they were asked. */
export interface EvaluationWorld {
  /** Starts a server; otherwise an endpoint is asked. */
  serves: boolean;
  restarts: number;
  finished: boolean;
  rolloutsDone: boolean;
  /** What planning or the canary meets. */
  planProblem: Problem | null;
  canaryProblem: Problem | null;
  gradeProblem: Problem | null;
  /** Where the server answers at its next starts; afterwards at the last one. An end: it was taken away while it started. */
  starts: (string | ServerEnd)[];
  /** An end of the running server, which `watchServer` sees once. */
  end: ServerEnd | null;
  /** The rollouts. */
  run: CampaignRun | null;
  /** What was asked, in order. */
  asked: string[];
}

export function freshEvaluationWorld(): EvaluationWorld {
  return {
    serves: false,
    restarts: 2,
    finished: false,
    rolloutsDone: false,
    planProblem: null,
    canaryProblem: null,
    gradeProblem: null,
    starts: ['http://127.0.0.1:1/v1'],
    end: null,
    run: null,
    asked: [],
  };
}

/** An evaluation file as a client sends it. */
export function exampleEvaluation(name: string, reruns = 1): EvaluationFile {
  return EvaluationFile.parse({
    name,
    benchmark: { name: 'tasks', data: ['/tasks.jsonl'] },
    model: { name: 'student', endpoint: { base_url: 'http://127.0.0.1:1/v1', model: 'student' } },
    harnesses: { openhands: {} },
    modes: { think: {} },
    reruns,
  });
}

export function ended(state: ServerEnd['state']): ServerEnd {
  return { state, exit_code: 1, detail: '', restarts: 0, lines: ['the last line'] };
}

const result: EvaluationResult = {
  evaluation: 'example',
  record: ref,
  folder: '/evaluations/example',
  counts: { outcomes: 2, resolved: 1, infra_errors: 0, not_run: 0 },
  unchanged: false,
};

const server: EvaluationServer = {
  backend: { type: 'local' },
  spec: {
    name: 'serve-example-1',
    kind: 'serving',
    folder: '/jobs/serve-example-1',
    command: ['vllm', 'serve'],
    environment: {},
    needs: { nodes: 1, gpus_per_node: 0, gpu_memory_gb: null, cpus_per_node: 1, memory_mb_per_node: 1, time_limit_seconds: null },
    grace_seconds: 1,
    image: null,
    spec_sha256: ref.sha256,
  },
  ref: { name: 'serve-example-1', id: '7', submitted_at: '2026-01-01T00:00:00Z', submission: 1 },
  port: 1,
};

export function evaluationActivities(world: EvaluationWorld): EvaluationActivities {
  const ask = (what: string) => void world.asked.push(what);
  const meet = (problem: Problem | null) => {
    if (problem !== null) throw asActivityFailure(problem);
  };
  let place = '';
  return {
    async planEvaluation() {
      ask('plan');
      meet(world.planProblem);
      const planned: PlannedEvaluation = {
        plan: ref,
        inputs_sha256: ref.sha256,
        instances: world.run?.tasks ?? 0,
        rollouts: 2,
        serving: world.serves ? { backend: { type: 'local' }, restarts: world.restarts } : null,
        base_url: world.serves ? null : 'http://127.0.0.1:1/v1',
        finished: world.finished ? ref : null,
        rollouts_done: world.rolloutsDone,
      };
      return planned;
    },
    async startServer() {
      ask('start');
      return server;
    },
    async awaitServer() {
      const next = world.starts.shift() ?? place;
      if (typeof next !== 'string') return { end: next };
      place = next;
      ask(`ready ${next}`);
      return { base_url: next };
    },
    async watchServer() {
      for (;;) {
        Context.current().heartbeat({ doing: 'running' });
        const { end } = world;
        world.end = null;
        if (end !== null) return end;
        await Context.current().sleep(20);
      }
    },
    async stopServer() {
      ask('stop');
    },
    async runCanary({ base_url }) {
      ask(`canary ${base_url}`);
      meet(world.canaryProblem);
      return [{ mode: 'think', strictness: 'strict', passed: ['tool call'], unchecked: [] }];
    },
    async planRollouts({ base_url }) {
      ask(`rollouts ${base_url}`);
      if (world.run === null) throw new Error('the test described no rollouts');
      return { run: world.run, finished: null };
    },
    async gradeEvaluation() {
      ask('grade');
      meet(world.gradeProblem);
      return null;
    },
    async finishEvaluation() {
      ask('finish');
      return result;
    },
    async finishedEvaluation() {
      ask('finished');
      return { ...result, unchanged: true };
    },
  };
}
