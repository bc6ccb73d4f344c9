import { spawn } from 'node:child_process';
import { Command } from '@commander-js/extra-typings';
import { Problem } from '../schemas/problem.ts';
import { interruption } from './interrupt.ts';
import { note, printResult, wantsJson } from './output.ts';
import { port } from './port.ts';
import { bundleCommand } from './view-bundle.ts';

/** `tracemill view PATH…`: files as pages, served to this machine alone. */
export function viewCommand() {
  return new Command('view')
    .description(
      'Shows trajectories of any ingested format, a release, or the JSON result of a scan or an evaluation in a browser, until Ctrl-C.',
    )
    .argument('<path...>', 'files, folders, http(s) addresses')
    .option('--port <port>', 'port on 127.0.0.1; by default a free one', port)
    .option('--open', 'open the page in the browser')
    .addCommand(bundleCommand())
    .addHelpText(
      'after',
      `
Nothing but this machine can reach the pages, and they load nothing from elsewhere. A file dropped on a
page opens beside the others, copied to a temporary folder until Ctrl-C. Keys: press ? on a page.

Examples:
  $ tracemill view trajectories/
  $ tracemill view run.traj.json --open
  $ tracemill scan rows.jsonl.gz > findings.jsonl; tracemill view findings.jsonl rows.jsonl.gz --port 8087
  $ tracemill view .tracemill/releases/demo/v1
  $ tracemill view bundle .tracemill/releases/demo/v1 --out site/`,
    )
    .action(async (paths, options, command) => {
      const { viewApp } = await import('../web/server/app.ts');
      const { serve } = await import('../web/server/serve.ts');
      const { openAnyView } = await import('../web/server/open-any-view.ts');
      const { ensurePageBundle } = await import('../platform/page-bundle.ts');
      const signal = interruption();
      const pages = await ensurePageBundle();
      const view = await openAnyView(paths);
      try {
        const serving = await serve({ host: '127.0.0.1', port: options.port ?? 0, token: null }, (access) =>
          viewApp(view, pages.path, access),
        );
        printResult(command, { url: serving.url }, serving.url);
        if (options.open === true) openBrowser(serving.url);
        void view.read.then(() => wantsJson(command) || saySummary(view.state()));
        await new Promise<void>((resolve) =>
          signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
        );
        await serving.close();
      } finally {
        await view.close();
      }
    });
}

function saySummary({ rows, unread }: { rows: number; unread: string[] }): void {
  note(`${rows} rows${unread.length === 0 ? '' : `, ${unread.length} places not read, among them: ${unread[0]}`}; Ctrl-C ends`);
}

/** The usual program of the system; a machine without one is told so. */
function openBrowser(url: string): void {
  const program = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(program, [url], { stdio: 'ignore', detached: true });
  child.once('error', () => note(new Problem('no_browser', `${program} is not there: open ${url} by hand`).message));
  child.unref();
}
