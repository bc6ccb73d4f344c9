import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { createFile } from '../../../platform/create-file.ts';
import { isMissingFile } from '../../../platform/missing-file.ts';
import { messageOf, Problem } from '../../../schemas/problem.ts';
import { Answer } from './question.ts';

/** An answer that was paid; `answer` is null for one that does not have the form that was asked for. */
const Kept = z.object({ model: z.string(), answer: Answer.nullable() });
type Kept = z.infer<typeof Kept>;

/** Answers by the hash of their question, a small file each, durable as soon as they are put. */
export class AnswerCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Undefined for a question that was not answered yet. Throws `Problem` judge_cache_unreadable for a damaged file. */
  async get(key: string): Promise<Kept | undefined> {
    try {
      return Kept.parse(JSON.parse(await readFile(this.#path(key), 'utf8')));
    } catch (error) {
      if (isMissingFile(error)) return undefined;
      throw new Problem('judge_cache_unreadable', `the kept answer ${this.#path(key)} cannot be read: ${messageOf(error)}`, {
        hint: 'remove the file: the second judge is then asked again',
      });
    }
  }

  put(key: string, kept: Kept): void {
    createFile(this.#path(key), `${JSON.stringify(kept)}\n`);
  }

  #path(key: string): string {
    return join(this.#folder, key.slice(0, 2), `${key}.json`);
  }
}
