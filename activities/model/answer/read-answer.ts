import type { Readable } from 'node:stream';
import { errorBeside } from '../failure/error-beside.ts';
import { pageWords } from '../failure/page-words.ts';
import { BrokenAnswer } from './broken-answer.ts';
import { EventReader, type ServerEvent } from './event-stream.ts';
import type { ReplyAssembly } from './reply-assembly.ts';

/** How long the connection of an answer that is over may take to end, in milliseconds, before it is closed. */
const endingMs = 1000;

/**
 * Reads an answer of a good status into the assembly: a stream of events, or one JSON text, told apart by how it begins, since
 * servers call either by any content type or by none. `heard` is called for all that comes. Throws `ServerError` for an error that
 * the server put into the answer, {@link BrokenAnswer} for what is neither, and whatever broke the connection.
 */
export function readAnswer(body: Readable, assembly: ReplyAssembly, heard: () => void): Promise<void> {
  const reader = new AnswerReader(assembly);
  return new Promise((resolve, reject) => {
    const step = (read: () => boolean) => {
      try {
        return read();
      } catch (error) {
        reject(error);
        body.destroy();
        return false;
      }
    };
    const take = (bytes: Buffer) => {
      heard();
      if (!step(() => reader.push(bytes))) return;
      resolve();
      // The rest is read to its end, so that the connection can be used again, unless the server keeps it open.
      body.off('data', take).resume();
      setTimeout(() => body.destroy(), endingMs).unref();
    };
    body.on('data', take);
    body.on('end', () => step(() => reader.end()) && resolve());
    body.on('error', reject);
    body.on('close', () => reject(new BrokenAnswer('the connection was closed in the middle of the answer')));
  });
}

class AnswerReader {
  readonly #assembly: ReplyAssembly;
  readonly #events = new EventReader();
  /** Bytes whose kind is not known yet, or those of a JSON text. */
  #kept: Uint8Array[] = [];
  #kind: 'unknown' | 'events' | 'json' = 'unknown';

  constructor(assembly: ReplyAssembly) {
    this.#assembly = assembly;
  }

  /** Whether the answer is over. */
  push(bytes: Uint8Array): boolean {
    if (this.#kind === 'unknown') this.#kind = kindOf(bytes);
    if (this.#kind !== 'events') {
      this.#kept.push(bytes);
      return false;
    }
    return this.#take(this.#events.push(bytes));
  }

  end(): boolean {
    if (this.#kind === 'events') this.#take(this.#events.end());
    else this.#readText(Buffer.concat(this.#kept));
    return true;
  }

  #readText(bytes: Buffer): void {
    const text = bytes.toString('utf8');
    if (text.trim() === '') throw new BrokenAnswer('the answer is empty');
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch (error) {
      // Several JSON texts, or an error before the events.
      const events = new EventReader();
      const read = [...events.push(bytes), ...events.end()];
      if (read.length < 2)
        throw new BrokenAnswer(`the answer is not JSON: ${error instanceof Error ? error.message : ''}; ${beginning(text)}`);
      return void this.#take(read);
    }
    this.#add(answer, false);
    this.#assembly.over();
  }

  #take(events: readonly ServerEvent[]): boolean {
    for (const { event, data } of events) {
      const text = data.trim();
      if (text === '') continue;
      if (text === '[DONE]') {
        this.#assembly.over();
        return true;
      }
      for (const chunk of chunksIn(text, event === 'error')) this.#add(chunk, event === 'error');
    }
    return false;
  }

  #add(chunk: unknown, isError: boolean): void {
    const error = errorBeside(chunk, isError);
    if (error !== undefined) throw error;
    if (Array.isArray(chunk)) return chunk.forEach((one: unknown) => this.#add(one, false));
    if (chunk !== null) this.#assembly.add(chunk);
  }
}

/** Blanks before the answer are signs of life. */
function kindOf(bytes: Uint8Array): 'unknown' | 'events' | 'json' {
  const first = bytes.find(
    (byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && ![0xef, 0xbb, 0xbf].includes(byte),
  );
  if (first === undefined) return 'unknown';
  return first === 0x7b || first === 0x5b || first === 0x3c ? 'json' : 'events';
}

/** The JSON texts of one event: one, or one a line where the server leaves out the blank lines between events. */
function chunksIn(data: string, isError: boolean): unknown[] {
  try {
    return [JSON.parse(data)];
  } catch (error) {
    if (isError) return [data];
    const lines = data.split('\n');
    if (lines.length > 1) return lines.flatMap((line) => (line.trim() === '' || line.trim() === '[DONE]' ? [] : chunksIn(line, false)));
    throw new BrokenAnswer(`an event of the stream is not JSON: ${error instanceof Error ? error.message : ''}; ${beginning(data)}`);
  }
}

function beginning(text: string): string {
  return `it begins with “${pageWords(text, 200)}”`;
}
