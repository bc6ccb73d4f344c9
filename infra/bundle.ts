import { ensureWorkflowBundle } from '../platform/temporal/workflow-bundle.ts';

/** `npm run bundle`: makes the workflows' code as workers load it, unless it is there, and prints where it lies. */
const { codePath } = await ensureWorkflowBundle();
process.stdout.write(`${codePath}\n`);
