/** Words by which people say that a key is none. Compared in lower case, anywhere in the value. */
const words =
  /example|sample|dummy|fake|placeholder|changeme|change[-_]me|redacted|your[-_]|[-_]here|secret[-_]?key|not[-_]?a[-_]?real|notreal|foobar|insecure|todo|xxxx|\*\*\*\*|\.\.\.\.|<|>|\$\{|%[sd(]|\{\{/;

/** Runs of digits and letters as somebody types them who needs any value. */
const sequences = ['0123456789', '1234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', 'deadbeef', 'cafebabe'];

/**
 * Whether a value that has the format of a secret is none: it says so, is one character or piece again and again, or counts up. Test
 * fixtures and documentation are full of such.
 */
export function isPlaceholder(value: string): boolean {
  const lower = value.toLowerCase();
  if (words.test(lower)) return true;
  const body = lower.replaceAll(/[^a-z0-9]/g, '');
  if (new Set(body).size < Math.min(6, body.length / 4)) return true;
  const counted = sequences.reduce((sum, sequence) => sum + runsOf(sequence, body), 0);
  return counted * 2 >= body.length;
}

/** Characters of `text` in runs of at least six that go along `sequence`. */
function runsOf(sequence: string, text: string): number {
  let [total, run] = [0, 0];
  const end = () => {
    if (run >= 6) total += run;
  };
  for (let at = 0; at < text.length; at += 1) {
    const here = sequence.indexOf(text[at] ?? '');
    const follows = run > 0 && here >= 0 && here === (sequence.indexOf(text[at - 1] ?? '') + 1) % sequence.length;
    if (follows) run += 1;
    else {
      end();
      run = here >= 0 ? 1 : 0;
    }
  }
  end();
  return total;
}

/** Shannon's entropy of a value's characters, in bits a character. */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / value.length) * Math.log2(count / value.length), 0);
}
