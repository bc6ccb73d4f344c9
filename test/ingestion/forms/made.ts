/** A call of a made trajectory, and what came back. */
export interface MadeCall {
  id: string;
  name: string;
  args: Record<string, unknown>;
  result: string;
}

export interface MadeTurn {
  text: string;
  reasoning: string;
  calls: MadeCall[];
}

/** A trajectory as nobody writes it: writers of forms bring it into theirs. The last turn calls nothing. */
export interface Made {
  id: string;
  system: string;
  task: string;
  turns: MadeTurn[];
}

/** What a form can hold. */
export interface Powers {
  /** Calls a turn. */
  calls: number;
  /** Tools beside the shell. */
  tools: boolean;
}

/** Numbers from 0 to below 1, the same for the same seed. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let value = state;
    value = Math.imul(value ^ (value >>> 16), 0x21f0aaad);
    value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
    return ((value ^ (value >>> 15)) >>> 0) / 2 ** 32;
  };
}

const texts = [
  'I look.',
  'Größe, 试验 and 🚀',
  'One line\nand another',
  'A "quote" and a \\ behind',
  'a\u2028b',
  '1 < 2 && x',
  'NaN or Infinity',
];
const results = ['', 'a.py\nb.py', 'été 日本', '{"x": NaN}', 'C:\\path "x"', '[1, 2]', 'line\r\nline', '0'.repeat(3000)];
const commands = ['ls -la', "grep -rn 'x y' src", 'cat "größe.py"', 'python - <<EOF\nprint(1)\nEOF', 'sed -n 1,20p a.py'];

export function made(seed: number, { calls, tools }: Powers): Made {
  const next = numbers(seed);
  const upTo = (count: number) => Math.floor(next() * count);
  const oneOf = <T>(values: readonly T[]): T => {
    const value = values[upTo(values.length)];
    if (value === undefined) throw new Error('nothing to choose from');
    return value;
  };
  let number = 0;
  const call = (): MadeCall => {
    number += 1;
    const id = `call_${seed}_${number}`;
    const result = oneOf(results);
    if (next() < 0.3) return { id, name: 'bash', args: { command: `git log --all --grep=mark${number}` }, result: `abc${number} Mend` };
    if (!tools || next() < 0.5) return { id, name: 'bash', args: { command: oneOf(commands) }, result };
    const args = { path: '/repo/a.py', old: 'x = "1"\n', new: 'y', lines: [1, 20], deep: { flag: true, none: null, share: 0.5 } };
    return { id, name: 'edit_file', args, result };
  };
  const turns = Array.from({ length: 1 + upTo(4) }, (): MadeTurn => {
    const count = 1 + upTo(calls);
    return {
      text: next() < 0.3 ? '' : oneOf(texts),
      reasoning: next() < 0.5 ? '' : `First: ${oneOf(texts)}`,
      calls: Array.from({ length: count }, call),
    };
  });
  return {
    id: `made-${seed}`,
    system: 'You repair code.',
    task: `Mend it. ${oneOf(texts)}`,
    turns: [...turns, { text: 'Finished.', reasoning: '', calls: [] }],
  };
}
