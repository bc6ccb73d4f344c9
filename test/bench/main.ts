import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { messageOf } from '../../schemas/problem.ts';
import { setup } from '../run/test-run.ts';
import { type Figure, figuresTable, isMet, ratio } from './figure.ts';

/** Every benchmark by the name it is asked for; loaded only then, so that one does not weigh on another. */
const benches: Record<string, (say: (line: string) => void) => Promise<Figure[]>> = {
  rollouts: async (say) => (await import('./rollouts.ts')).benchRollouts({ say }),
  worker: async (say) => (await import('./worker.ts')).benchWorker({ say }),
  session: async () => (await import('./session-figures.ts')).sessionFigures(),
  shell: async () => (await import('./shell-figures.ts')).shellFigures(),
  parsers: async () => (await import('./parser-figures.ts')).parserFigures(),
  scanner: async () => (await import('./scanner-figures.ts')).scannerFigures(),
  release: async () => (await import('./release.ts')).benchRelease(),
  'release-memory': async (say) => (await import('./release-memory.ts')).benchReleaseMemory({ say }),
  export: async (say) => (await import('./export.ts')).benchExport({ say }),
  rendering: async (say) => (await import('./rendering.ts')).benchRendering({ say }),
  ledger: async (say) => (await import('./ledger.ts')).benchLedger({ say }),
  list: async (say) => (await import('./list.ts')).benchList({ say }),
  pages: async (say) => (await import('./pages.ts')).benchPages({ say }),
};

const usage = `npm run bench [-- [NAME…] [--json]]

Measures what the names say, by default everything, each beside other means to the same end in the same run.
Names: ${Object.keys(benches).join(', ')}. A missed target is shown and does not fail the
run; a benchmark that breaks does, after the others.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false } },
});
const unknown = positionals.filter((name) => benches[name] === undefined);
if (values.help) process.stdout.write(`${usage}\n`);
else if (unknown.length > 0) {
  process.stderr.write(`no benchmark is called ${unknown.join(', ')}\n\n${usage}\n`);
  process.exitCode = 2;
} else {
  const clearUp = setup();
  await import('../run/note-process.ts');
  await measure(positionals.length > 0 ? positionals : Object.keys(benches), values.json);
  await clearUp?.();
}

async function measure(names: string[], json: boolean): Promise<void> {
  const started = performance.now();
  const figures: Figure[] = [];
  for (const name of names) {
    const say = (line: string) =>
      process.stderr.write(`[${((performance.now() - started) / 1000).toFixed(1).padStart(6)} s] ${name}: ${line}\n`);
    say('begins');
    try {
      figures.push(...((await benches[name]?.(say)) ?? []));
    } catch (error) {
      say(`failed: ${messageOf(error)}`);
      process.exitCode = 1;
    }
  }
  const machine = { node: process.version, cores: cpus().length, processor: cpus()[0]?.model ?? 'unknown' };
  const shown = json
    ? JSON.stringify({ machine, figures: figures.map((figure) => ({ ...figure, ratio: ratio(figure), met: isMet(figure) })) })
    : `${figuresTable(figures)}\n\nNode ${machine.node}, ${machine.cores} cores of ${machine.processor}`;
  process.stdout.write(`${shown}\n`);
}
