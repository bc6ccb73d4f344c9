import { baseName } from '../extraction/base-name.ts';
import { ShownTexts } from '../memory/shown-texts.ts';
import { sameFile } from './change.ts';
import type { Role } from './file-role.ts';
import { assertionsIn, testsDefined } from './test-code.ts';

/** What a run has shown of files: which the agent made itself, which were there before, which of the product differ. */
export class KnownFiles {
  readonly #prompt: string;
  /** Observations and calls so far, also by the names that were looked for in them. */
  readonly #texts: string[] = [];
  readonly #shown = new ShownTexts([]);
  readonly #made: string[] = [];
  readonly #byName = new Map<string, string[]>();
  readonly #product = new Set<string>();
  readonly #ownLines = new Set<string>();
  /** Names of tests that the agent wrote, in small letters. */
  readonly #ownTests = new Set<string>();
  /** Names of files that stand in tests of the agent's own and that nothing had named before. */
  readonly #named = new Set<string>();
  readonly #roleOf: (path: string) => Role;
  #stashed: string[] = [];

  constructor(prompt: string, roleOf: (path: string) => Role) {
    this.#prompt = prompt;
    this.#roleOf = roleOf;
  }

  saw(text: string): void {
    if (text === '') return;
    this.#texts.push(text);
    this.#shown.add(text);
  }

  made(path: string): void {
    const name = baseName(path);
    if (name === '' || this.isOwn(path)) return;
    this.#made.push(path);
    this.#byName.set(name, [...(this.#byName.get(name) ?? []), path]);
  }

  /** How many files the agent has made so far. */
  get count(): number {
    return this.#made.length;
  }

  /** Whether a file is among the first `count` that the agent made. */
  isAmongFirst(path: string, count: number): boolean {
    return this.#made.slice(0, count).some((made) => sameFile(made, path));
  }

  isOwn(path: string): boolean {
    const name = baseName(path);
    if (/[*?]/.test(name)) return this.#made.some((made) => wildcard(name).test(baseName(made)));
    return this.#byName.get(name)?.some((made) => sameFile(made, path)) ?? false;
  }

  /** Keeps the names of files that a text of an own test reads or compares with, where they are new in the run. */
  madeTest(text: string): void {
    for (const [, name = ''] of text.matchAll(/["'`/]([\w-][\w.-]*\.[A-Za-z]\w{0,11})["'`]/g))
      if (this.#named.size < 500 && !this.isKnown(name)) this.#named.add(name);
  }

  /** Whether a file is one of those that only the agent's own tests name. */
  isNamedByOwn(path: string): boolean {
    return this.#named.has(baseName(path));
  }

  /** Whether a file of expected output belongs to a test that the agent made: runners name it after the test. */
  isOutputOfOwn(path: string): boolean {
    if (this.isNamedByOwn(path)) return true;
    const name = baseName(path).toLowerCase();
    return this.#made.some((made) => {
      if (this.#roleOf(made) !== 'test') return false;
      const stem = testStem(made);
      const begins = (whole: string) => whole.length > 4 && name.startsWith(whole) && !/^[a-z0-9]/.test(name.slice(whole.length));
      return begins(stem) || (begins(stem.replace(/^test_|[._-](?:test|spec)$/, '')) && !this.isKnown(path));
    });
  }

  /** Whether a file lies beside a test that the agent made and has its name but for the ending: runners leave such files behind. */
  isBesideOwn(path: string): boolean {
    const bare = path.replace(/\.\w+$/, '');
    return bare !== path && this.#made.some((made) => this.#roleOf(made) === 'test' && sameFile(made.replace(/\.\w+$/, ''), bare));
  }

  /** Whether a word by which a runner picks tests picks none but those that the agent made: a file, or the name of a test. */
  picksOwn(word: string): boolean {
    const plain = word.replace(/::.*|:\d+$/, '');
    if (/[./]/.test(plain) && this.#roleOf(plain) === 'test') return this.isOwn(plain);
    const name = word.replace(/^[*^]+|[$*]+$/g, '').toLowerCase();
    if (name.length < 5) return false;
    return this.#ownTests.has(name) || this.#made.some((made) => this.#roleOf(made) === 'test' && testStem(made) === name);
  }

  /** Whether all assertions of a test's text stand in what the agent has put into other tests. */
  isMoved(text: string): boolean {
    const lines = text.split('\n').map((line) => line.trim());
    const assertions = assertionsIn(lines);
    return assertions.length > 0 && assertions.every((line) => this.#ownLines.has(line));
  }

  /** Whether prompt, observations or earlier calls name the file. */
  isKnown(path: string): boolean {
    const name = baseName(path);
    const stem = name.replace(/\.\w+$/, '').replace(/^\d+-/, '');
    // A bare word in a prompt is no file's name.
    const named = (name.includes('.') || name.length > 6) && this.#prompt.includes(name);
    return named || (stem.length > 6 && this.#prompt.includes(stem)) || this.#shown.holds(name);
  }

  /** Whether a value stands in what tests or their failures showed, and not in the task's own text. */
  shownByTests(value: string): boolean {
    if (value.length < 3 || this.#prompt.includes(value)) return false;
    return this.#texts.some((text) => {
      const at = text.indexOf(value);
      if (at === -1) return false;
      const around = text.slice(Math.max(0, at - 160), at + value.length + 80);
      return /expect|assert|actual|FAIL|\bwant\b|\bgot\b|should|^\s*[-+]/im.test(around);
    });
  }

  get productChanged(): boolean {
    return this.#product.size > 0;
  }

  productDiffers(path: string): void {
    this.#product.add(path);
  }

  /** All of the product, or one file of it, is as it was in the commit. */
  restored(path: string | undefined): void {
    for (const one of this.#product) if (path === undefined || sameFile(one, path)) this.#product.delete(one);
  }

  stash(): void {
    this.#stashed = [...this.#product];
    this.#product.clear();
  }

  popStash(): void {
    for (const path of this.#stashed) this.#product.add(path);
  }

  wroteTestLines(before: string, after: string): void {
    for (const line of after.split('\n')) if (line.trim().length > 3 && !before.includes(line)) this.#ownLines.add(line.trim());
    for (const name of testsDefined(after)) if (!before.includes(name)) this.#ownTests.add(name.toLowerCase());
  }

  isOwnLine(line: string): boolean {
    return this.#ownLines.has(line);
  }

  /** Git says which files are new and which of the product differ. */
  learnState(observation: string): void {
    const text = observation.slice(0, 20_000);
    if (text.includes('?? ')) for (const match of text.matchAll(/^\?\? (.+?)\/?$/gm)) this.made(match[1] ?? '');
    const section = !text.includes('Untracked files:') ? '' : (/Untracked files:[\s\S]*?\n\n?([\s\S]*?)(?:\n\n|$)/.exec(text)?.[1] ?? '');
    for (const match of section.matchAll(/^\s+([\w./-]+?)\/?$/gm)) this.made(match[1] ?? '');
    for (const match of text.matchAll(/^(?: ?[MA]{1,2} |\s+modified:\s+|diff --git a\/| )([\w./@-]+\.\w+)(?:$| b\/| +\| +\d)/gm)) {
      const path = match[1] ?? '';
      if (this.#roleOf(path) === 'product') this.#product.add(path);
    }
  }
}

/** A pattern of names as an expression. */
function wildcard(name: string): RegExp {
  return new RegExp(
    `^${name
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );
}

/** A test's file name without the endings that say what it is, in small letters. */
function testStem(path: string): string {
  return baseName(path)
    .replace(/(?:\.(?:test|spec))?(?:\.\w+)$/, '')
    .toLowerCase();
}
