import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from '@commander-js/extra-typings';
import type { TrajectoryInput, TrajectoryReading } from '../activities/ingestion/index.ts';
import { IngestedFormat, type Loss } from '../schemas/ingested.ts';
import { placeText, standardInput } from '../schemas/place.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { table } from './table.ts';

/** `tracemill ingest INPUT…`: other tools' trajectories in one format. */
export function ingestCommand() {
  return new Command('ingest')
    .description('Reads trajectories that other tools recorded, in any known format, and writes them in one format, a JSON line each.')
    .argument('<input...>', 'files, also packed by gzip or zstd, folders, http(s) addresses, or - for standard input')
    .requiredOption('--out <file>', 'JSONL file to write')
    .addOption(new Option('--from <format>', 'read every record as this format instead of detecting it').choices(IngestedFormat.options))
    .addHelpText(
      'after',
      '\nExamples:\n  $ tracemill ingest runs/ --out runs.jsonl\n  $ tracemill ingest data/train-00000-of-00084.parquet --out traces.jsonl\n  $ tracemill ingest traces.jsonl.gz --from openai --out traces.jsonl\n\nTo filter them, and to release or train on what is kept: tracemill judge.',
    )
    .action(async (inputs, { out, from }, command) => {
      const { readTrajectories } = await import('../activities/ingestion/index.ts');
      const tally = new Tally();
      const lines = async function* () {
        for (const input of inputs) {
          for await (const reading of readTrajectories(named(input), from === undefined ? {} : { from })) {
            tally.count(reading);
            if (reading.ok) yield `${JSON.stringify(reading.trajectory)}\n`;
          }
        }
      };
      await written(out, lines());
      printResult(command, { out, ...tally.summary() }, () => summaryText(out, tally.summary()));
      if (tally.summary().trajectories === 0) process.exitCode = exitCodes.failed;
    });
}

function named(input: string): TrajectoryInput {
  return input === '-' ? { name: standardInput, stream: process.stdin } : input;
}

/** Has another name until it is complete. */
async function written(out: string, lines: AsyncIterable<string>): Promise<void> {
  const unfinished = `${out}.${process.pid}.unfinished`;
  try {
    await pipeline(Readable.from(lines), createWriteStream(unfinished));
    await rename(unfinished, out);
  } finally {
    await rm(unfinished, { force: true });
  }
}

interface Summary {
  trajectories: number;
  formats: Record<string, number>;
  /** Trajectories with at least one oddity. */
  odd: number;
  /** Trajectories of which something could not be read. */
  in_part: { place: string; id: string; lost: Loss[] }[];
  bad: { place: string; problem: string }[];
}

class Tally {
  readonly #formats = new Map<string, number>();
  readonly #inPart: Summary['in_part'] = [];
  readonly #bad: Summary['bad'] = [];
  #trajectories = 0;
  #odd = 0;

  count(reading: TrajectoryReading): void {
    if (!reading.ok) {
      this.#bad.push({ place: placeText(reading.place), problem: reading.problem });
      return;
    }
    const { id, format, reported, lost } = reading.trajectory;
    if (lost.length > 0) this.#inPart.push({ place: placeText(reading.place), id, lost });
    this.#trajectories += 1;
    this.#odd += reported.length > 0 ? 1 : 0;
    this.#formats.set(format, (this.#formats.get(format) ?? 0) + 1);
  }

  summary(): Summary {
    return {
      trajectories: this.#trajectories,
      formats: Object.fromEntries(this.#formats),
      odd: this.#odd,
      in_part: this.#inPart,
      bad: this.#bad,
    };
  }
}

/** Bad places shown to people. */
const SHOWN = 50;

function summaryText(out: string, { trajectories, formats, odd, in_part, bad }: Summary): string {
  const counts = table(Object.entries(formats), [
    { title: 'format', value: ([format]) => format },
    { title: 'trajectories', align: 'right', value: ([, count]) => count },
  ]);
  const total = `${trajectories} trajectories written to ${out}, ${odd} of them with oddities under \`reported\``;
  const parts = in_part.map(({ place, id, lost }) => `${place} (${id}): ${lost.map(({ reason }) => reason).join('; ')}`);
  const places = bad.map(({ place, problem }) => `${place}: ${problem}`);
  return [counts, '', total, ...listed('read in part', parts), ...listed('could not be read', places)].join('\n');
}

function listed(what: string, lines: string[]): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > SHOWN ? [`  … and ${lines.length - SHOWN} more; --json lists all`] : [];
  return [`${lines.length} ${what}:`, ...lines.slice(0, SHOWN).map((line) => `  ${line}`), ...more];
}
