import { Problem } from '../schemas/problem.ts';
import type { Campaign } from '../schemas/campaign.ts';
import type { SettingNames } from '../activities/model/check/settings-names.ts';
import { note } from './output.ts';
import { checkLine } from './teacher-check-view.ts';

/** What the options of `tracemill run` set, and where the file that it writes has the rest. */
const names: SettingNames = {
  model: '--model',
  address: '--base-url',
  key: '--api-key-env',
  thinking: '--thinking',
  resend: 'teachers.teacher.thinking.resend in a file of tracemill campaign init',
  sampling: 'teachers.teacher.sampling in a file of tracemill campaign init',
  afterKey: ', and run this again',
};

/**
 * Asks the model of a campaign that is yet to be started, with the keys of this process, and tells what that cost. Throws the
 * `Problem` of the first mode in which it is not as rollouts need it; the signal's reason when it is interrupted.
 */
export async function checkBeforeStart(campaign: Campaign, signal: AbortSignal): Promise<void> {
  const { checkTeachers, teachersOf } = await import('../activities/model/check/check-teachers.ts');
  const checks = await checkTeachers(teachersOf(campaign), {
    key: (variable) => process.env[variable],
    names: () => names,
    signal,
    tell: (line) => note(line.replace(/^asking teacher \S+ /, 'asking the model ')),
  });
  const faulty = checks.find(({ problem }) => problem !== null);
  if (faulty?.problem) {
    const { code, message, hint } = faulty.problem;
    throw new Problem(code, `${message}; nothing was written or started`, { hint });
  }
  for (const check of checks) note(checkLine(check));
}

/** Throws `Problem` engine_unreachable where no container engine answers: every rollout needs one. */
export async function requireEngine(): Promise<void> {
  const [{ dockerEngine }, { engineVersion }] = await Promise.all([
    import('../activities/engine/docker-engine.ts'),
    import('../infra/bootstrap/engine.ts'),
  ]);
  if ((await engineVersion(dockerEngine(), 10_000)) !== undefined) return;
  const host = process.env['DOCKER_HOST'] ?? '';
  throw new Problem('engine_unreachable', `no container engine answers${host === '' ? '' : ` at DOCKER_HOST (${host})`}`, {
    hint: 'start Docker, set DOCKER_HOST to an engine that runs, or see: tracemill doctor',
  });
}
