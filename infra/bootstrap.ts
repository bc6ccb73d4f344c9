import { messageOf, Problem } from '../schemas/problem.ts';
import { ensureChromium } from './bootstrap/chromium.ts';
import { ensureEngine } from './bootstrap/engine.ts';
import { ensureImages } from './bootstrap/images.ts';
import { step, writeProblem } from './bootstrap/progress.ts';
import { ensureTemporalCli } from './bootstrap/temporal-cli.ts';
import { bundlePages } from './bootstrap/pages.ts';
import { bundleWorkflows } from './bootstrap/workflows.ts';
import { home } from '../platform/home.ts';
import { withLock } from '../platform/lock.ts';

const forTests = process.argv.includes('--tests');

/**
 * Everything beyond the npm packages that demo and, with `--tests`, the tests need. Idempotent: what is there is left
 * alone. Two at once run one after the other.
 */
async function bootstrap(): Promise<Problem[]> {
  return await withLock(
    'bootstrap',
    async () => {
      const outcomes = await Promise.allSettled([
        temporalAndWorkflows(),
        engineAndImages(),
        ...(forTests ? [step('chromium', ensureChromium)] : []),
      ]);
      return outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => asProblem(reason));
    },
    { onWait: () => process.stderr.write(`another bootstrap of ${home()} is at work; waiting for it\n`) },
  );
}

async function temporalAndWorkflows(): Promise<void> {
  await step('temporal', ensureTemporalCli);
  await step('workflows', bundleWorkflows);
  await step('pages', bundlePages);
}

async function engineAndImages(): Promise<void> {
  await step('engine', ensureEngine);
  await step('images', ensureImages);
}

function asProblem(reason: unknown): Problem {
  return reason instanceof Problem ? reason : new Problem('bootstrap_failed', messageOf(reason), { cause: reason });
}

const problems = await bootstrap();
for (const problem of problems) writeProblem(problem);
process.exitCode = problems.length > 0 ? 4 : 0;
