const longestText = 200_000;

/**
 * Hashes at the head of the lines that a log, a blame or a listing printed, however short they were cut. A word without a
 * digit counts from seven letters on, since `add` and `bad` are hexadecimal too.
 */
export function commitsPrinted(observation: string): string[] {
  const heads = observation.slice(0, longestText).matchAll(/^(?:[|/\\*<>=^+ -]*)(?:commit )?\^?([0-9a-f]{3,40})(?=[\s:)(,]|$)/gm);
  return [...heads].flatMap(([, hash = '']) => (hash.length >= 7 || (/\d/.test(hash) && /[a-f]/.test(hash)) ? [hash] : []));
}

/** Branches as `git branch` lists them, `*` before the current one; undefined where no current one stands in the text. */
export function branchesPrinted(observation: string): { current: string | undefined; others: string[] } | undefined {
  const lines = [
    ...observation.slice(0, longestText).matchAll(/^([*+ ]) (\([^)\n]*\)|[\w./@{}-]+)(?: -> [\w./-]+|\s+[0-9a-f]{4,40}\s[^\n]*)?[ \t]*$/gm),
  ];
  const current = lines.find(([, mark]) => mark === '*')?.[2];
  if (current === undefined) return undefined;
  const others = lines.flatMap(([, mark, name = '']) => (mark === '*' ? [] : [name]));
  return { current: current.startsWith('(') ? undefined : current, others };
}

/** Whether the first line of an observation is a commit of a log or a number above zero. */
export function beginsWithCommits(observation: string): boolean {
  const first = observation.trimStart().split('\n', 1)[0] ?? '';
  return /^[1-9]\d{0,6}\s*$/.test(first) || commitsPrinted(first).length > 0;
}

/** Whole words of seven to forty hexadecimal signs, in their order. No such word lies between two signs that are seven apart. */
export function hashesIn(text: string): string[] {
  const found: string[] = [];
  for (let at = shortestHash - 1; at < text.length; at += shortestHash) {
    if (!isHexadecimal(text.charCodeAt(at))) continue;
    let from = at;
    let to = at + 1;
    while (from > 0 && isHexadecimal(text.charCodeAt(from - 1))) from -= 1;
    while (to < text.length && isHexadecimal(text.charCodeAt(to))) to += 1;
    if (to - from >= shortestHash && to - from <= 40 && !isOfWord(text, from - 1) && !isOfWord(text, to)) found.push(text.slice(from, to));
    // The next look is past this word.
    if (to > at + shortestHash) at = to - 1;
  }
  return found;
}

const shortestHash = 7;

function isHexadecimal(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
}

function isOfWord(text: string, at: number): boolean {
  return /\w/.test(text.charAt(at));
}

interface Version {
  /** What stands before the numbers, without the usual `v`. */
  prefix: string;
  numbers: number[];
}

function versionOf(tag: string): Version | undefined {
  const match = /^(.*?)v?(\d+(?:\.\d+)+)(?:[.-]?(?:final|ga|release))?$/i.exec(tag.replace(/^refs\/tags\//, ''));
  return match === null ? undefined : { prefix: (match[1] ?? '').toLowerCase(), numbers: (match[2] ?? '').split('.').map(Number) };
}

/** Below zero where a tag's version is the earlier of two of the same naming, zero for the same; undefined where they cannot be compared. */
export function comparedVersions(tag: string, than: string): number | undefined {
  const one = versionOf(tag);
  const other = versionOf(than);
  if (one === undefined || other === undefined || one.prefix !== other.prefix) return undefined;
  for (let at = 0; at < Math.max(one.numbers.length, other.numbers.length); at += 1) {
    const difference = (one.numbers[at] ?? 0) - (other.numbers[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
