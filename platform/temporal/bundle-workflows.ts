import { writeFileSync } from 'node:fs';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** A program: bundles the workflows that the first argument names into the file that the second names. */
const [workflowsPath = '', out = ''] = process.argv.slice(2);
const { code } = await bundleWorkflowCode({
  workflowsPath,
  logger: new DefaultLogger('ERROR'),
  // A worker keeps the code twice while it runs. A source map by line, without copies of the sources, makes it a third of the size.
  webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-cheap-module-source-map' }),
});
writeFileSync(out, code, { flush: true });
