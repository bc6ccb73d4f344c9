import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastLines, readOutput } from '../../activities/jobs/read-output.ts';
import { scratchFolder } from '../scratch-folder.ts';

describe('the output of a job', () => {
  const written = (bytes: Buffer | string): string => {
    const path = join(scratchFolder('output'), 'output.log');
    writeFileSync(path, bytes);
    return path;
  };

  it('is empty before it is there, and behind its end', async () => {
    expect(await readOutput(join(scratchFolder('output'), 'none'), 7, 10)).toEqual({ text: '', next: 7 });
    expect(await readOutput(written('abc'), 3, 10)).toEqual({ text: '', next: 3 });
    expect(await lastLines(join(scratchFolder('output'), 'none'), 5)).toEqual({ lines: [], next: 0 });
  });

  it.each(['é', '€', '🙂'])('never has half of %s', async (character) => {
    const path = written(`ab${character}c`);
    const size = Buffer.byteLength(character);
    for (let end = 4; end < 2 + size; end++) expect(await readOutput(path, 0, end)).toEqual({ text: 'ab', next: 2 });
    expect(await readOutput(path, 0, 2 + size + 3)).toEqual({ text: `ab${character}c`, next: 3 + size });
  });

  it('passes over bytes that are no text', async () => {
    const { text, next } = await readOutput(written(Buffer.from([0x61, 0xff, 0xfe, 0x80, 0x80, 0x62])), 0, 100);
    expect([text.at(0), text.at(-1), next]).toEqual(['a', 'b', 6]);
  });

  it('ends with its last lines, of a long file too', async () => {
    const path = written(Array.from({ length: 100_000 }, (_, n) => `line ${n}\n`).join(''));
    expect((await lastLines(path, 2)).lines).toEqual(['line 99998', 'line 99999']);
  });
});
