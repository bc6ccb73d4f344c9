import { baseName } from '../extraction/base-name.ts';
import { posix } from 'node:path';

/** Names of changes, and of files as they were. */
const setAside = /[\w.-]+\.(?:patch|diff|orig|rej|bak|old|save)\b|[\w.-]+\.\w{1,5}~/g;
const setAsideSign = /\.(?:patch|diff|orig|rej|bak|old|save)|~/;

/** What tools put into temporary folders. */
const toolEntry =
  /^(?:tmp[\w.-]{0,12}|pytest-\w+.*|pip-.*|npm-.*|yarn-.*|node-.*|v8-.*|hsperfdata\w*|systemd.*|ssh-.*|\..*-unix|go-build.*|cargo.*|rustc.*|cc\w{6}.*|build|cache|matplotlib.*|vscode.*|pyright.*|jest_.*|gradle.*|maven.*|bazel.*|clang.*|ccache.*|tox.*|virtualenv.*|uv-.*|conda.*|pycache|__pycache__|playwright.*|puppeteer.*|chromium.*|phpunit.*|bundler.*|rubygems.*|dotnet.*|nuget.*|\d+|total|[drwxst-]{10}|root|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$/i;

const listsTemporary = /\b(?:ls|find|tree|dir|du|fd)\b[^\n|;&]*\s(?:\/tmp|\/var\/tmp|\/dev\/shm|\/\s|\/$)/m;
const passedThrough = /File "(\/[^"\n]+)", line \d|\bat [^\n(]*\(?(\/[^\s():]+):\d+:\d+/g;

/** What observations showed of files: which lay there before the agent, and which a failure passed through. */
export class Discoveries {
  readonly #names = new Set<string>();
  /** Entries of temporary folders. */
  readonly #entries = new Set<string>();
  /** Files of the tree that git ignores or does not know. */
  readonly #strays = new Set<string>();
  readonly #traced = new Set<string>();

  /** Whether a listing or a search showed a file, or the temporary folder that it lies in, that nothing is known to have made. */
  has(path: string): boolean {
    if (this.#names.has(baseName(path))) return true;
    const entry = /^\/(?:tmp|var\/tmp|dev\/shm)\/([^/]+)/.exec(path)?.[1];
    return entry !== undefined && this.#entries.has(entry);
  }

  /** Whether a failure that the agent saw passed through files beside this one: reading on from there is debugging. */
  isTraced(path: string): boolean {
    return this.#traced.has(path) || this.#traced.has(posix.dirname(path));
  }

  /** Whether git said of a file, or of a folder that it lies in, that it ignores or does not know it. */
  isStray(path: string): boolean {
    for (const stray of this.#strays)
      if (path === stray || path.endsWith(`/${stray}`) || (stray.endsWith('/') && path.includes(`/${stray}`))) return true;
    return false;
  }

  /** Takes in what a call gave. `isKnown` tells of an entry of a temporary folder that the agent made or was told of. */
  saw(source: string, observation: string, isKnown: (entry: string) => boolean): void {
    const text = observation.length > 200_000 ? observation.slice(0, 200_000) : observation;
    if (setAsideSign.test(text)) {
      for (const [name] of text.matchAll(setAside)) if (this.#names.size < 500) this.#names.add(name);
    }
    if (text.includes('File "') || holdsFrame(text)) {
      for (const match of text.matchAll(passedThrough)) {
        const path = match[1] ?? match[2];
        if (path === undefined || this.#traced.size >= 2_000) continue;
        this.#traced.add(path);
        this.#traced.add(posix.dirname(path));
      }
    }
    if (source.includes('git') && /\bstatus\b|\bclean\b/.test(source))
      for (const [, path = ''] of text.matchAll(/^(?:(?:\?\?|!!) |Would remove )(\S.*)$/gm))
        if (this.#strays.size < 500) this.#strays.add(path.replace(/^"|"$/g, ''));
    if (source.includes('/') && listsTemporary.test(source)) this.#listed(text, isKnown);
  }

  #listed(text: string, isKnown: (entry: string) => boolean): void {
    for (const [, entry = ''] of text.slice(0, 20_000).matchAll(/(?:^|\s|\/tmp\/|\/shm\/)([\w.-]{3,80})(?=\/|\s|:|$)/gm))
      if (!toolEntry.test(entry) && !isKnown(entry) && this.#entries.size < 1_000) this.#entries.add(entry);
  }
}

/** Whether a line of a stack may stand in a text: `at` after four blanks. Blanks are too frequent to be searched for first. */
function holdsFrame(text: string): boolean {
  for (let at = text.indexOf('at '); at !== -1; at = text.indexOf('at ', at + 3)) if (text.endsWith('    ', at)) return true;
  return false;
}
