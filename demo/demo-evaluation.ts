import type { z } from 'zod';
import type { EvaluationFile } from '../schemas/evaluation.ts';

/** The demo's evaluation of the scripted teacher: both harnesses in both modes, judged by our own verification. */
export function demoEvaluation(name: string, tasksFile: string, teacherUrl: string): z.input<typeof EvaluationFile> {
  return {
    name,
    benchmark: { name: 'tasks', data: [tasksFile] },
    model: { name: 'scripted-teacher', endpoint: { base_url: teacherUrl, model: 'scripted' } },
    harnesses: {
      // What an agent sees must not depend on how busy the machine is: no command of the demo comes near these limits.
      openhands: { no_change_timeout_seconds: 300, command_timeout_seconds: 300 },
      sweagent: { execution_timeout_seconds: 300 },
    },
    modes: { think: {}, no_think: {} },
    runs: 1,
    max_turns: 24,
    grader: 'none',
    concurrency: 3,
    budget: { cost_usd: 10 },
    rollout: { timeout_hours: 1, heartbeat_seconds: 5 },
    sandbox: { memory_mb: 2048, cpus: 1, pids: 512 },
    verification: { timeout_seconds: 300 },
  };
}
