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

interface Version {
  /** What stands before the numbers, without the usual `v`. */
  prefix: string;
  numbers: number[];
}

function versionOf(tag: string): Version | undefined {
  const match = /^(.*?)v?(\d+(?:\.\d+)+)(?:[.-]?(?:final|ga|release))?$/i.exec(tag.replace(/^refs\/tags\//, ''));
  return match === null ? undefined : { prefix: (match[1] ?? '').toLowerCase(), numbers: (match[2] ?? '').split('.').map(Number) };
}

/** Whether a tag's version number is at most that of another tag of the same naming. */
export function isNoLaterVersion(tag: string, than: string): boolean {
  const one = versionOf(tag);
  const other = versionOf(than);
  if (one === undefined || other === undefined || one.prefix !== other.prefix) return false;
  for (let at = 0; at < Math.max(one.numbers.length, other.numbers.length); at += 1) {
    const difference = (one.numbers[at] ?? 0) - (other.numbers[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return true;
}
