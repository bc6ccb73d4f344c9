import { cp, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Problem } from '../../../schemas/problem.ts';
import type { Site } from '../../../schemas/site.ts';
import type { RowPage } from '../../../schemas/view-row.ts';
import { contentPolicy } from '../headers.ts';
import type { ViewSource } from '../view-source.ts';
import { FolderWriter } from './folder-writer.ts';
import { markFile, replaceBundle } from './own-folder.ts';
import { type RelativeNames, relativeNames } from './relative-names.ts';
import { writeTranscript } from './write-transcript.ts';

interface BundleLimits {
  /** Most rows of a collection. */
  rows: number;
  /** Most bytes of all files together. */
  bytes: number;
}

interface BundleProgress {
  collection: string;
  rows: number;
  /** Rows of the collection that will be written. */
  of: number;
  bytes: number;
}

export interface Bundled {
  folder: string;
  rows: number;
  files: number;
  bytes: number;
  /** What was left out, one reason each; the pages say it, too. */
  limits: string[];
}

interface Request {
  source: ViewSource;
  /** What was asked for: files are named from there on. */
  paths: readonly string[];
  /** Folder with the built pages. */
  pages: string;
  out: string;
  limits: BundleLimits;
  progress?: ((state: BundleProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Writes all that a source shows as plain files, for any web server or bucket. A new bundle is written beside the folder and
 * takes its place when it is whole; it replaces an earlier bundle, and nothing else. The same source gives the same bytes.
 * Throws `Problem` folder_in_use, bundle_running.
 */
export async function writeBundle({ source, paths, pages, out: given, limits, progress, signal }: Request): Promise<Bundled> {
  const out = resolve(given);
  return await replaceBundle(out, async (draft) => {
    await copyPages(pages, draft);
    const names = relativeNames(paths);
    const bundled = await new Bundle({ source, names, files: new FolderWriter(draft), limits, progress, signal }).write();
    signal?.throwIfAborted();
    return { folder: out, ...bundled };
  });
}

/** The pages with the policy in them, and what keeps them out of search engines; not where their sources lie. */
async function copyPages(pages: string, draft: string): Promise<void> {
  await cp(pages, draft, { recursive: true, filter: (path) => !path.endsWith('.map') });
  for (const entry of await readdir(draft, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.js')) continue;
    const path = join(entry.parentPath, entry.name);
    await writeFile(path, (await readFile(path, 'utf8')).replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'));
  }
  const page = await readFile(join(pages, 'index.html'), 'utf8');
  const policy = contentPolicy.replace(/; frame-ancestors [^;]+/, '');
  await writeFile(
    join(draft, 'index.html'),
    page.replace('<!--policy-->', `<meta http-equiv="content-security-policy" content="${policy}">`),
  );
  await writeFile(join(draft, 'robots.txt'), 'User-agent: *\nDisallow: /\n');
  // GitHub Pages leaves out files and folders that it takes for its own unless this file is there.
  await writeFile(join(draft, '.nojekyll'), '');
}

class Bundle {
  readonly #source: ViewSource;
  readonly #names: RelativeNames;
  readonly #files: FolderWriter;
  readonly #limits: BundleLimits;
  readonly #progress: (state: BundleProgress) => void;
  readonly #signal: AbortSignal | undefined;
  readonly #said: string[] = [];

  constructor(given: Pick<Request, 'source' | 'limits' | 'progress' | 'signal'> & { names: RelativeNames; files: FolderWriter }) {
    this.#source = given.source;
    this.#names = given.names;
    this.#files = given.files;
    this.#limits = given.limits;
    this.#progress = given.progress ?? (() => undefined);
    this.#signal = given.signal;
  }

  async write(): Promise<Omit<Bundled, 'folder'>> {
    const site = this.#names.site(await this.#source.site());
    const collections: Site['collections'] = [];
    for (const collection of site.collections) {
      collections.push({ ...collection, rows: await this.#writeCollection(collection.id, collection.title) });
    }
    const limits = [...site.limits, ...this.#said];
    await this.#files.json('data/site.json', {
      ...site,
      kind: 'bundle',
      steering: false,
      takes_files: false,
      collections,
      limits,
    } satisfies Site);
    const rows = collections.reduce((sum, { rows: count }) => sum + (count ?? 0), 0);
    await this.#files.json(markFile, { tracemill: site.tracemill, rows, limits });
    return { rows, files: this.#files.files, bytes: this.#files.bytes, limits };
  }

  /** Gives the rows written. Transcripts come first: a list names no row that has none. */
  async #writeCollection(id: string, title: string): Promise<number> {
    const folder = `data/c/${fileNameOf(id)}`;
    let written = 0;
    let total = 0;
    let full = false;
    let open: { name: string; page: RowPage } | undefined;
    for (let after: string | null = null, number = 1; ; number += 1) {
      const page: RowPage | undefined = await this.#source.rows(id, {
        where: {},
        text: '',
        sort: '',
        descending: false,
        after,
        limit: 1000,
      });
      if (page === undefined) break;
      total = page.total;
      const rows: RowPage['rows'] = [];
      for (const row of page.rows) {
        full = written >= this.#limits.rows || this.#files.bytes >= this.#limits.bytes;
        if (full) break;
        this.#signal?.throwIfAborted();
        await this.#writeRow(id, `${folder}/r/${fileNameOf(row.id)}`, row.id);
        rows.push(row);
        written += 1;
        this.#progress({ collection: id, rows: written, of: Math.min(total, this.#limits.rows), bytes: this.#files.bytes });
      }
      const name = open === undefined ? 'rows.json' : `rows-${number}.json`;
      if (open !== undefined) await this.#files.json(`${folder}/${open.name}`, { ...open.page, next: rows.length === 0 ? null : name });
      // What matches, and how many rows have a value, is counted by the pages over the rows that are here.
      if (open === undefined || rows.length > 0) open = { name, page: { ...page, rows, facets: {}, next: null } };
      else open = undefined;
      after = page.next;
      if (full || after === null) break;
    }
    if (open !== undefined) await this.#files.json(`${folder}/${open.name}`, open.page);
    if (written < total) this.#said.push(`${title}: the first ${written} of ${total} rows, by id: ${this.#whyFull(written)}`);
    return written;
  }

  #whyFull(written: number): string {
    return written >= this.#limits.rows
      ? `at most ${this.#limits.rows} rows were asked for`
      : `at most ${this.#limits.bytes} bytes were asked for`;
  }

  async #writeRow(collection: string, folder: string, id: string): Promise<void> {
    const transcript = await this.#source.transcript(collection, id);
    if (transcript === undefined) {
      this.#said.push(`${id} is listed, and its transcript could not be read`);
      return;
    }
    await writeTranscript(transcript, this.#files, folder, (head) => this.#names.head(head));
  }
}

/** Ids of all sources can name folders; another would have to be changed in lists, too, and is refused. */
function fileNameOf(id: string): string {
  if (/^[\w@+=~-][\w.@+=~-]{0,200}$/.test(id)) return id;
  throw new Problem('bad_id', `the id ${JSON.stringify(id)} cannot be the name of a folder: this source cannot be bundled`);
}
