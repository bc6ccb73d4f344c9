import { join } from 'node:path';
import type { ArtifactStore } from '../../../activities/artifacts/store.ts';
import type { Ledger } from '../../../activities/ledger/ledger.ts';
import { forgetBackground, readBackground, recordBackground } from '../../../platform/background-process.ts';
import { paths } from '../../../platform/home.ts';
import { ensurePageBundle } from '../../../platform/page-bundle.ts';
import { viewApp } from '../app.ts';
import { serve, type Serving } from '../serve.ts';
import { auditRoute, steeringRoutes } from '../steering/steering-routes.ts';
import { openHome } from './home-source.ts';
import { liveRoutes } from './live-routes.ts';
import { OpenStages } from './open-stages.ts';
import { pagesProcess } from './page-address.ts';
import { TemporalLink } from './temporal-link.ts';

interface PagesOptions {
  host: string;
  port: number;
  token: string | null;
  /** Names under which what stands in front of it is asked. */
  names: readonly string[];
  readOnly: boolean;
  /** Whether others of this home find it, and `tracemill down` ends it. */
  listed: boolean;
}

/**
 * Serves the pages of this home and notes their address in `run/`, so that others find them. Throws `Problem` token_needed,
 * port_taken, page_bundle_failed.
 */
export async function servePages(records: { ledger: Ledger; store: ArtifactStore }, options: PagesOptions): Promise<Serving> {
  const bundle = await ensurePageBundle();
  const temporal = new TemporalLink();
  const source = openHome(records, { journals: paths.journals(), steering: !options.readOnly, stages: new OpenStages(temporal) });
  const context = { ...records, source, temporal, journals: paths.journals() };
  let serving: Serving;
  try {
    serving = await serve(options, (access) =>
      viewApp(source, bundle.path, access, (app) => {
        liveRoutes(app, context);
        auditRoute(app, context);
        if (!options.readOnly) steeringRoutes(app, context);
      }),
    );
  } catch (error) {
    source.close();
    throw error;
  }
  if (options.listed) list(serving.url, options);
  void source.begin();
  return {
    url: serving.url,
    close: async () => {
      if (options.listed && readBackground(pagesProcess)?.pid === process.pid) forgetBackground(pagesProcess);
      await serving.close();
      await temporal.close();
      source.close();
    },
  };
}

/** Notes where the pages are. Their port is no `port` to be found on again. */
function list(url: string, { token, readOnly }: PagesOptions): void {
  recordBackground({
    name: pagesProcess,
    pid: process.pid,
    command: process.argv,
    log: join(paths.logs(), 'pages.log'),
    details: { url, token: token !== null, read_only: readOnly },
  });
}
