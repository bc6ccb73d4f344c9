import { Command, Option } from '@commander-js/extra-typings';
import { Problem } from '../schemas/problem.ts';
import { Language, Mode } from '../schemas/names.ts';
import { StudentBase } from '../schemas/student.ts';
import { RowSelection } from '../schemas/training.ts';
import { type TrainingCell, type TrainingFilesManifest, TrainingProfile } from '../schemas/training-files.ts';
import { megabytes } from './megabytes.ts';
import { interruption } from './interrupt.ts';
import { printResult, wantsJson } from './output.ts';
import { ProgressLine } from './progress-line.ts';
import { table } from './table.ts';
import { wholeNumber } from './whole-number.ts';

/** `tracemill export RELEASE`: a release as training files. */
export function exportCommand() {
  return new Command('export')
    .description(
      'Writes the rows of a release as a trainer wants them, with exact counts of tokens; or shows how many rows fit which length.',
    )
    .argument('<release>', 'folder of the release')
    .addOption(new Option('--for <profile>', 'who reads the files').choices(TrainingProfile.options))
    .addOption(new Option('--base <model>', 'the model that is trained').choices(StudentBase.options).default('coder' as const))
    .option('--out <folder>', 'the folder of the files; training files that lie there are replaced')
    .option('--retention', 'show how many rows fit which context length, and write nothing')
    .option('--max-tokens <n>', 'rows with more are left out and counted, never cut', wholeNumber, 131_072)
    .option('--modes <list>', Mode.options.join(', '), listOf)
    .option('--outcomes <list>', 'resolved, unresolved, unknown', listOf)
    .option('--languages <list>', Language.options.join(', '), listOf)
    .option('--harnesses <list>', 'names of harnesses', listOf)
    .option('--jobs <n>', 'threads; by default one for each core, at most eight', wholeNumber)
    .addHelpText(
      'after',
      `
Lists are separated by commas; what is not named means all.

Examples:
  $ tracemill export .tracemill/releases/demo/v1 --for automodel --base coder --out training/coder
  $ tracemill export demo-v2 --for trl --base thinking --modes think --outcomes resolved --out training/think
  $ tracemill export demo-v2 --base instruct --retention --json`,
    )
    .action(async (release, options, command) => {
      const { base, retention = false, maxTokens: max_tokens, out, jobs, for: profile } = options;
      const { modes, outcomes, languages, harnesses } = options;
      const rows = selectionOf({ modes, outcomes, languages, harnesses });
      const { measureRetention, writeTrainingFiles } = await import('../activities/training/index.ts');
      const progress = new ProgressLine(wantsJson(command));
      const started = performance.now();
      const request = {
        release,
        base,
        rows,
        signal: interruption(),
        onProgress: ({ rows, of }: { rows: number; of: number }) =>
          progress.show(
            () => `${rows} of ${of} rows, about ${Math.round(((performance.now() - started) / 1000) * (of / rows - 1))} s left`,
          ),
        ...(jobs !== undefined && { jobs }),
      };
      if (retention) {
        const cells = await measureRetention(request);
        progress.end();
        printResult(command, { release, base, cells }, () => retentionTable(cells));
        return;
      }
      if (profile === undefined || out === undefined) {
        throw new Problem('bad_input', 'training files need --for and --out', {
          hint: `profiles: ${TrainingProfile.options.join(', ')}; or only look: --retention`,
        });
      }
      const written = await writeTrainingFiles({ ...request, profile, max_tokens, out });
      progress.end();
      printResult(command, written, () => summary(written));
    });
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** Throws `Problem` bad_input for a value that is none of those that there are. */
function selectionOf(lists: Record<keyof RowSelection, string[] | undefined>): RowSelection {
  const read = RowSelection.safeParse(Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== undefined)));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new Problem('bad_input', `--${issue?.path.join(' ') ?? 'rows'}: ${issue?.message ?? 'cannot be read'}`, {
    hint: 'tracemill export --help lists the values',
  });
}

function summary({ folder, manifest, reused }: { folder: string; manifest: TrainingFilesManifest; reused: boolean }): string {
  const size = manifest.files.reduce((sum, file) => sum + file.size_bytes, 0);
  const escaped = manifest.cells.reduce((sum, cell) => sum + cell.escaped, 0);
  return [
    `${manifest.rows} rows, ${manifest.tokens} tokens, ${manifest.trained_tokens} of them trained, in ${manifest.files.length} files of ${megabytes(size)} together`,
    ...(manifest.not_selected > 0 ? [`${manifest.not_selected} rows were not asked for`] : []),
    ...(escaped > 0 ? [`${escaped} rows hold text that reads as a control token; it is shown escaped`] : []),
    ...Object.entries(manifest.dropped).map(([code, rows]) => `${rows} rows left out: ${code}`),
    retentionTable(manifest.cells),
    reused ? `${folder} (made before of the same)` : folder,
  ].join('\n');
}

function retentionTable(cells: readonly TrainingCell[]): string {
  const [first] = cells;
  return table(cells, [
    { title: 'harness', value: ({ harness }) => harness },
    { title: 'mode', value: ({ mode }) => mode },
    { title: 'language', value: ({ language }) => language },
    { title: 'counted', value: countedOf, align: 'right' },
    ...(first?.retention ?? []).map(({ tokens }, index) => ({
      title: `${tokens / 1024}K`,
      value: (cell: TrainingCell) => percent(cell.retention[index]?.rows ?? 0, countedOf(cell)),
      align: 'right' as const,
    })),
    { title: 'longest', value: ({ longest }) => longest, align: 'right' },
    {
      title: 'left out',
      value: ({ dropped }) =>
        Object.entries(dropped)
          .map(([code, rows]) => `${rows} ${code}`)
          .join(', '),
    },
  ]);
}

/** Rows whose tokens were counted: those written and those too long. */
function countedOf({ rows, dropped }: TrainingCell): number {
  return rows + (dropped['over_long'] ?? 0);
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)} %`;
}
