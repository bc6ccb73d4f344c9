import { messageOf } from '../../../schemas/problem.ts';
import type { InputFile } from '../inputs/input-files.ts';
import { lineBlocks } from '../inputs/line-blocks.ts';
import { openedFile, type OpenedInput, openedStream } from '../inputs/opened-input.ts';
import type { Unit, Work } from './unit.ts';

/** A file or folder, or a stream under a name for messages. */
export type ScanInput = InputFile | { stream: AsyncIterable<Uint8Array>; name: string };

/** The pieces of work that inputs make: blocks of lines, and whole files, in their order. */
export async function* unitsOfInputs(inputs: readonly ScanInput[]): AsyncGenerator<Unit> {
  let number = 0;
  for (const input of inputs) {
    const name = 'stream' in input ? input.name : input.path;
    try {
      for await (const work of 'stream' in input ? ofStream(input) : ofFile(input)) yield { number: number++, name, ...work };
    } catch (error) {
      yield { kind: 'failed', number: number++, name, problem: messageOf(error) };
    }
  }
}

async function* ofStream({ name, stream }: Extract<ScanInput, { stream: unknown }>): AsyncGenerator<Work> {
  const opened = await openedStream(name, stream);
  if (opened.kind === 'whole') yield { kind: 'bytes', bytes: opened.bytes };
  else yield* ofLines(opened.chunks);
}

async function* ofFile({ path, folder }: InputFile): AsyncGenerator<Work> {
  const opened: OpenedInput = folder ? { kind: 'whole' } : await openedFile(path);
  if (opened.kind === 'lines') yield* ofLines(opened.chunks);
  else yield { kind: 'file', form: opened.kind };
}

async function* ofLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Work> {
  for await (const block of lineBlocks(chunks)) yield { kind: 'lines', ...block };
}
