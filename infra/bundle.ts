import { ensurePageBundle } from '../platform/page-bundle.ts';
import { ensureWorkflowBundle } from '../platform/temporal/workflow-bundle.ts';

/** `npm run bundle`: makes the workflows' code and the pages, unless they are there, and prints where they lie. */
const { codePath } = await ensureWorkflowBundle();
const { path } = await ensurePageBundle();
process.stdout.write(`${codePath}\n${path}\n`);
