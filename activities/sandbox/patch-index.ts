import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';
import { quote } from '../../platform/quote.ts';
import { Problem } from '../../schemas/problem.ts';
import type { Container } from '../engine/engine.ts';
import { closedGit } from './closed-git.ts';
import { execScript, type ScriptResult } from './exec-script.ts';
import type { KeptRepository } from './kept-repository.ts';
import { quietEnvironment } from './image-environment.ts';
import * as lists from './patch-lists.ts';
import type { Attributes, BytePath, Changed, Difference } from './patch-lists.ts';

const program = readFileSync(join(import.meta.dirname, 'programs', 'patch.sh'), 'utf8');

const timeoutMs = 5 * 60_000;
/** Of what one step may give, in bytes. */
const outputLimit = 64 * 1024 * 1024;
/** Of what a step is given in its script, which is one argument of a process. */
const scriptLimit = 64 * 1024;
/** A file above this size (bytes) is not read at all. */
const fileLimit = 16 * 1024 * 1024;

/** Where the change of a work tree is taken. */
export interface PatchPlace {
  container: Container;
  workdir: string;
  /** The `.git` folder of a repository that has the commit. */
  repository: string;
  /** The `.git` of the work tree as the agent left it, for what it staged; it may be missing or broken. */
  agent: string;
  commit: string;
  /** How the image's repository converts contents, and what was installed. */
  kept: KeptRepository;
  /** The rollout, for messages. */
  what: string;
  signal: AbortSignal;
}

export interface Survey {
  /** Files that neither the commit nor an ignore rule knows. Repositories within the repository end with a slash. */
  untracked: BytePath[];
  /** How the agent's index, or its HEAD without one, differs from the commit. */
  staged: Difference[];
  /** Paths that the agent's index says are not checked out. */
  skipped: BytePath[];
  /** Files above 16 MiB, and what is no file, link or folder. */
  large: BytePath[];
  special: BytePath[];
  /** Submodules of the commit. */
  gitlinks: BytePath[];
  /** Null where the work tree has other .gitattributes than the commit. */
  changed: Changed[] | null;
}

export interface Taken {
  /** Paths that git refused, and what it said. */
  refused: BytePath[];
  errors: string;
  /** How the index differs from the commit now. */
  differences: Difference[];
  /** The same as a patch without renames; undefined where that is larger than a step may give. */
  diff: Buffer | undefined;
}

/**
 * An index of our own over the objects of a repository in a container, in which the change of a work tree is put together.
 * Every step throws `Problem` patch_failed where git fails, and patch_too_large where it would give too much. Its folder
 * goes with the container.
 */
export class PatchIndex {
  readonly #place: PatchPlace;
  /** The folder of the steps. */
  readonly #own: string;

  private constructor(place: PatchPlace, own: string) {
    this.#place = place;
    this.#own = own;
  }

  /** Undefined where git or the commit cannot be had there. */
  static async open(place: PatchPlace): Promise<PatchIndex | undefined> {
    const run = await runScript(place, '', `name=${randomBytes(6).toString('hex')}\nopen`);
    if (run.exitCode === 3 || run.exitCode === 127) return undefined;
    if (run.exitCode !== 0) throw failure(place, run);
    return new PatchIndex(place, run.stdout.toString('latin1'));
  }

  /** How the untouched work tree of the image differs from the commit. */
  get baseline(): Difference[] {
    return lists.rawLines(this.#place.kept.baseline);
  }

  async survey(): Promise<Survey> {
    const given = await this.#step('survey', {
      'kept-config': this.#kept('config'),
      'kept-exclude': this.#kept('exclude'),
      'kept-attributes': this.#kept('attributes'),
      'info/attributes': this.#kept('infoAttributes'),
    });
    const paths = (name: string) => lists.nulList(given.get(name)).map((path) => path.replace(/^\.\//, ''));
    const changed = given.get('changed');
    return {
      untracked: paths('untracked'),
      staged: lists.rawDifferences(given.get('staged')),
      skipped: lists.quotedLines(given.get('skipped')),
      large: paths('large'),
      special: paths('special'),
      gitlinks: lists.quotedLines(given.get('gitlinks')),
      changed: changed === undefined ? null : lists.changedFiles(changed),
    };
  }

  /** Attributes of the tracked files and of `paths`: by the commit's .gitattributes, and by those of the work tree. */
  async attributes(paths: Iterable<BytePath>): Promise<{ before: Attributes; after: Attributes }> {
    const given = await this.#step('attributes', { paths: lists.pathLines(paths) });
    return { before: lists.attributesOf(given.get('before')), after: lists.attributesOf(given.get('after')) };
  }

  /** Tracked files that are not as in the commit, by attribute lines that count more than any .gitattributes. */
  async changed(attributes: string): Promise<Changed[]> {
    return lists.changedFiles((await this.#step('changed', { 'info/attributes': this.#attributeLines(attributes) })).get('changed'));
  }

  /**
   * Takes paths of the work tree into the index as they are there, takes `gone` out of it, and puts `stored` objects in;
   * `attributes` replace earlier lines.
   */
  async take(change: {
    paths?: Iterable<BytePath>;
    gone?: Iterable<BytePath>;
    stored?: Iterable<{ path: BytePath; mode: string; object: string }>;
    attributes?: string;
  }): Promise<Taken> {
    const files = {
      paths: lists.pathLines(change.paths ?? []),
      gone: lists.pathLines(change.gone ?? []),
      stored: lists.objectLines(change.stored ?? []),
      ...(change.attributes !== undefined && { 'info/attributes': this.#attributeLines(change.attributes) }),
    };
    const given = await this.#step(`take ${outputLimit / 2}`, files);
    return {
      refused: lists.quotedLines(given.get('refused')),
      errors: given.get('errors')?.toString('latin1') ?? '',
      differences: lists.rawDifferences(given.get('raw')),
      diff: given.get('diff'),
    };
  }

  /** Sizes of objects in bytes. */
  async sizes(objects: string[]): Promise<number[]> {
    const given = await this.#step('sizes', { 'objects.list': objects.map((object) => `${object}\n`).join('') });
    return (given.get('sizes')?.toString('latin1') ?? '').trim().split('\n').map(Number);
  }

  /** Files in folders that no ignore rule covers, also where a folder is a repository. */
  async inside(folders: BytePath[]): Promise<BytePath[]> {
    const given = await this.#step('inside', { folders: lists.wordLines(folders) });
    const ignored = new Set(lists.nulList(given.get('ignored')));
    return lists.nulList(given.get('found')).flatMap((path) => (ignored.has(path) ? [] : [path.replace(/^\.\//, '')]));
  }

  /** A word for the content of each folder; the same content has the same everywhere. */
  async fingerprints(folders: BytePath[]): Promise<Map<BytePath, string>> {
    const known = folders.filter((folder) => !folder.includes('\n'));
    const given = await this.#step('fingerprints', { folders: lists.wordLines(known) });
    const words = (given.get('fingerprints')?.toString('latin1') ?? '').split('\n');
    return new Map(known.map((folder, at) => [folder, words[at] ?? '']));
  }

  /** Everything that the commit does not know, ignored or not. */
  async allUntracked(): Promise<BytePath[]> {
    return lists.nulList((await this.#step('all_untracked')).get('untracked'));
  }

  #kept(name: 'config' | 'exclude' | 'attributes' | 'infoAttributes'): string {
    return this.#place.kept[name].toString('latin1');
  }

  #attributeLines(lines: string): string {
    return `${this.#kept('infoAttributes')}\n${lines}`;
  }

  async #step(step: string, files: Record<string, string> = {}): Promise<Map<string, Buffer>> {
    const run = await runScript(this.#place, this.#own, `${await this.#putFiles(files)}enter\n${step}`);
    const given = lists.frames(run.stdout);
    if (given === undefined && run.stdout.length > outputLimit) {
      throw new Problem('patch_too_large', `${this.#place.what}: the work tree has more changed files than can be listed`, {
        hint: 'the agent left a very large number of files in the repository; the rollout ends without a patch',
      });
    }
    if (run.exitCode !== 0 || given === undefined) throw failure(this.#place, run);
    return given;
  }

  /** Puts files into the folder. Gives lines of the script for those that fit in there, which saves a request. */
  async #putFiles(files: Record<string, string>): Promise<string> {
    // What an archive brings is root's, and cannot be written over by another user.
    const lines = Object.entries(files).map(
      ([name, text]) => `rm -f "$own/${name}" && printf %s ${quote(text)} >"$own/${name}" || exit 4\n`,
    );
    const script = lines.join('');
    if (script.length < scriptLimit && isAscii(script)) return script;
    const archive = pack();
    for (const [name, text] of Object.entries(files)) archive.entry({ name, mode: 0o644 }, Buffer.from(text, 'latin1'));
    archive.finalize();
    await this.#place.container.writeArchive(await buffer(archive), this.#own);
    return '';
  }
}

function isAscii(text: string): boolean {
  return /^[\t\n -~]*$/.test(text);
}

function runScript(place: PatchPlace, own: string, steps: string): Promise<ScriptResult> {
  const { container, workdir, repository, agent, commit, what, signal } = place;
  const values = { workdir, repository, agent, commit, own, large: String(fileLimit / 512), closed_git: closedGit };
  const settings = Object.entries(values).map(([name, value]) => `${name}=${quote(value)}\n`);
  const script = `${settings.join('')}${program}\n${steps}`;
  return execScript({
    container,
    script,
    shell: 'sh',
    env: quietEnvironment,
    timeoutMs,
    maxBytes: outputLimit + 1,
    what,
    signal,
  });
}

function failure({ what }: PatchPlace, { exitCode, stderr, timedOut }: ScriptResult): Problem {
  const said = stderr.toString('utf8').trim().slice(-500) || `exit code ${exitCode}`;
  const reason = timedOut ? `git took more than ${timeoutMs / 60_000} minutes` : said;
  return new Problem('patch_failed', `${what}: the patch could not be taken: ${reason}`, {
    hint: 'look at the rollout container if it still runs; the rollout is tried again',
  });
}
