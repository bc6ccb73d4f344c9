import { describe, expect, it } from 'vitest';
import { demultiplexer } from '../../activities/engine/multiplexed-stream.ts';

function frame(output: 1 | 2, text: string): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(output, 0);
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
}

describe('demultiplexer', () => {
  const stream = Buffer.concat([frame(1, 'one '), frame(2, 'err'), frame(1, ''), frame(1, 'two'), frame(2, '!')]);

  it.each([1, 2, 3, 7, 8, 9, 1000])('splits the outputs whatever the size of the chunks (%i)', (size) => {
    let [stdout, stderr] = ['', ''];
    const take = demultiplexer(
      (data) => (stdout += data.toString()),
      (data) => (stderr += data.toString()),
    );
    for (let at = 0; at < stream.length; at += size) take(stream.subarray(at, at + size));
    expect([stdout, stderr]).toEqual(['one two', 'err!']);
  });
});
