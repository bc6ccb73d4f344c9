import { globSource } from './words.ts';

/** Programs whose words name files that they show. */
const showing = new Set(
  'cat less more head tail strings xxd od hexdump nl tac bat cut sort uniq zcat gunzip zstdcat xzcat bzcat unzip tar 7z bsdtar diff cmp comm patch base64 base32 column paste rev sqlite3 openssl source . < grep egrep fgrep rg ag sed awk jq yq perl view vi vim nvim git'.split(
    ' ',
  ),
);

export function showsFiles(program: string): boolean {
  return showing.has(program);
}

/** The words of such a command that name files: options left out, and the pattern or script before them. */
export function filesNamed(program: string, args: readonly string[]): string[] {
  const words = args.filter((word) => !word.startsWith('-') && word !== '');
  return /^(?:[ef]?grep|rg|ag|sed|awk|jq|yq|perl)$/.test(program) && !args.includes('-e') ? words.slice(1) : words;
}

const folders = [
  '/eval',
  '/evaluation',
  '/oracle',
  '/solution',
  '/solutions',
  '/hidden',
  '/gold',
  '/tmp',
  '/root',
  '/task',
  '/data',
  '/opt',
  '/mnt',
  '/logs',
  '/srv',
  '/app',
  '',
];
/** Names under which answers are left, each with the word in it that tells. */
const names: [name: string, telling: string][] = [
  ['gold.patch', 'gold'],
  ['gold.diff', 'gold'],
  ['gold_patch.diff', 'gold_patch'],
  ['gold_patch.patch', 'gold_patch'],
  ['golden.patch', 'golden'],
  ['golden_patch.diff', 'golden_patch'],
  ['solution.patch', 'solution'],
  ['solution.diff', 'solution'],
  ['reference.patch', 'reference'],
  ['reference.diff', 'reference'],
  ['oracle.patch', 'oracle'],
  ['oracle.diff', 'oracle'],
  ['answer.patch', 'answer'],
  ['hidden_tests.patch', 'hidden'],
  ['test_patch.diff', 'test_patch'],
  ['test.patch', 'test.patch'],
];
const leastLetters = 3;

/** The name of an answer that a pattern spells out but for its wildcards: `/e?al/go*d*` is `/eval/gold.patch`. */
export function nameBehindPattern(pattern: string): string | undefined {
  if (pattern.length > 120 || !/[?*[]/.test(pattern)) return undefined;
  const at = pattern.lastIndexOf('/');
  const folder = at === -1 ? '' : pattern.slice(0, at);
  const base = pattern.slice(at + 1);
  if (!/[?*[]/.test(base) || /^\*+(?:\.\w*)?$/.test(base)) return undefined;
  const expression = new RegExp(`^${globSource(base, false)}$`);
  const tells = /^\/(?:eval|evaluation|oracle|solutions?|hidden|gold)$/.test(folder) && /^[a-z]/i.test(base);
  const found = names.find(([name, telling]) => expression.test(name) && (tells || spells(base, telling)));
  if (found === undefined) return undefined;
  const place = folder === '' ? '' : folders.find((one) => new RegExp(`^${globSource(folder, false)}$`).test(one));
  return place === undefined ? undefined : `${place}${at === -1 ? '' : '/'}${found[0]}`;
}

/** Whether enough of the telling word stands in a pattern letter by letter: `te*` may be anything, `go*d*` is not. */
function spells(base: string, telling: string): boolean {
  const letters = base.replace(/\.\w*$/, '').replace(/\[[^\]]*\]|[?*]/g, '*');
  let from = 0;
  let count = 0;
  for (const letter of letters) {
    if (letter === '*') continue;
    const place = telling.indexOf(letter, from);
    if (place === -1) continue;
    from = place + 1;
    count += 1;
  }
  const generic = telling.startsWith('test') ? /^t?e?s?t?\*+$/.test(letters) || !letters.includes('p') : false;
  return !generic && letters.charAt(0) === telling.charAt(0) && count >= leastLetters;
}
