import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'fixtures');

/** Pieces of logs that real tools wrote, with bytes and lines cut out, put in, doubled and moved; made by `random`. */
export function* mutatedLogs(random: () => number): Generator<string, never> {
  const logs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
  const below = (limit: number) => Math.floor(random() * limit);
  for (;;) {
    const lines = logs[below(logs.length)] ?? [];
    const start = below(lines.length);
    const piece = lines.slice(start, start + 1 + below(25));
    for (let left = below(4); left > 0; left--) {
      const other = logs[below(logs.length)] ?? [];
      piece.splice(below(piece.length + 1), below(2), other[below(other.length)] ?? '', piece[below(piece.length)] ?? '');
    }
    let text = piece.join('\n');
    for (let left = below(6); left > 0; left--) {
      const at = below(text.length + 1);
      text =
        text.slice(0, at) + (random() < 0.6 ? String.fromCharCode(below(256)) : text.slice(at, at + below(40))) + text.slice(at + below(8));
    }
    yield text;
  }
}
