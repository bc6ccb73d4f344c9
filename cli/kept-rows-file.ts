import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { messageOf, Problem } from '../schemas/problem.ts';
import type { IngestedTrajectory } from '../schemas/ingested.ts';

/**
 * A file of kept rows, a JSON line each, in the order of the inputs. Rows are compared with each other when all are read, so
 * that all of them wait in a file beside it until then; it has its own name only when it is complete.
 */
export class KeptRowsFile {
  readonly path: string;
  readonly #waitingPath: string;
  readonly #waiting: FileHandle;
  readonly #lines: { id: string; start: number; length: number }[] = [];
  #size = 0;

  private constructor(path: string, waitingPath: string, waiting: FileHandle) {
    this.path = path;
    this.#waitingPath = waitingPath;
    this.#waiting = waiting;
  }

  /** Throws `Problem` bad_output where nothing can be written there. */
  static async open(path: string): Promise<KeptRowsFile> {
    const waitingPath = `${path}.${process.pid}.unfinished`;
    const waiting = await open(waitingPath, 'w+').catch((error: unknown) => {
      throw new Problem('bad_output', `--out ${path} cannot be written: ${messageOf(error)}`, {
        hint: 'name a file in a folder that is there',
      });
    });
    return new KeptRowsFile(path, waitingPath, waiting);
  }

  async add(id: string, trajectory: IngestedTrajectory): Promise<void> {
    const line = Buffer.from(`${JSON.stringify(trajectory)}\n`);
    await this.#waiting.appendFile(line);
    this.#lines.push({ id, start: this.#size, length: line.length });
    this.#size += line.length;
  }

  async finish(kept: ReadonlySet<string>): Promise<void> {
    const chosen = await open(this.#keptPath, 'w');
    try {
      for (const { id, start, length } of this.#lines) {
        if (!kept.has(id)) continue;
        const { buffer } = await this.#waiting.read(Buffer.alloc(length), 0, length, start);
        await chosen.appendFile(buffer);
      }
      await chosen.sync();
    } finally {
      await chosen.close();
    }
    await rename(this.#keptPath, this.path);
  }

  /** Removes what is not finished. */
  async discard(): Promise<void> {
    await this.#waiting.close();
    await rm(this.#waitingPath, { force: true });
    await rm(this.#keptPath, { force: true });
  }

  get #keptPath(): string {
    return `${this.#waitingPath}.kept`;
  }
}
