import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { ensureTemporalCli, findTemporalCli } from '../../infra/bootstrap/temporal-cli.ts';
import { searchAttributes } from '../../workflows/contract/search-attributes.ts';

/** For the dev server: Tracemill's search attributes. */
export const attributeArguments = Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]);

/** A real server of its own for a test file, in memory, with Tracemill's search attributes. */
export async function startTestServer(serverArguments: string[] = []): Promise<TestWorkflowEnvironment> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  await ensureTemporalCli();
  const path = findTemporalCli();
  if (path === undefined) throw new Error('no Temporal CLI although the bootstrap says that there is one');
  return await TestWorkflowEnvironment.createLocal({
    server: {
      executable: { type: 'existing-path', path },
      extraArgs: [...attributeArguments, '--headless', ...serverArguments],
      log: { format: 'pretty', level: 'error' },
    },
  });
}
