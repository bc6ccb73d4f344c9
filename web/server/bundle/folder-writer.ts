import { createWriteStream } from 'node:fs';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Writes the files of a bundle and counts them. */
export class FolderWriter {
  readonly #root: string;
  readonly #made = new Set<string>();
  files = 0;
  bytes = 0;

  constructor(root: string) {
    this.#root = root;
  }

  async json(path: string, data: unknown): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(data));
    await writeFile(await this.#place(path), bytes);
    this.#count(bytes.length);
  }

  /** A file of any length, piece by piece. */
  async stream(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const file = await this.#place(path);
    await pipeline(pieces, createWriteStream(file));
    this.#count((await stat(file)).size);
  }

  async #place(path: string): Promise<string> {
    const file = join(this.#root, path);
    const folder = dirname(file);
    if (!this.#made.has(folder)) {
      await mkdir(folder, { recursive: true });
      // Folders of rows come and go: what is remembered of them is bounded.
      if (this.#made.size > 1000) this.#made.clear();
      this.#made.add(folder);
    }
    return file;
  }

  #count(bytes: number): void {
    this.files += 1;
    this.bytes += bytes;
  }
}
