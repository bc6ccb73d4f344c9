import { describe, expect, it } from 'vitest';
import { EventReader } from '../../../activities/model/answer/event-stream.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function events(...pieces: (string | Uint8Array)[]) {
  const reader = new EventReader();
  const read = pieces.flatMap((piece) => reader.push(typeof piece === 'string' ? bytes(piece) : piece));
  return [...read, ...reader.end()].map(({ event, data }) => (event === 'message' ? data : `${event}: ${data}`));
}

describe('a stream of events', () => {
  it('is read whatever its line ends', () => {
    for (const end of ['\n', '\r\n', '\r']) expect(events(`data: a${end}${end}data:b${end}${end}`)).toEqual(['a', 'b']);
    expect(events('data: a\r', '\n\r\ndata: b\r', '\n', '\r', '\n')).toEqual(['a', 'b']);
  });

  it('is read whatever it is cut into, also inside a character', () => {
    const whole = bytes('data: {"a":"é😀"}\n\ndata: [DONE]\n\n');
    for (let size = 1; size < whole.length; size++) {
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) => whole.slice(index * size, (index + 1) * size));
      expect(events(...pieces)).toEqual(['{"a":"é😀"}', '[DONE]']);
    }
  });

  it('has neither comments nor fields of other kinds in it', () => {
    expect(events(': keep-alive\n\n: another\n', 'id: 7\nretry: 100\ndata: a\n\n', ':\n\n', 'event: ping\n\n')).toEqual(['a']);
  });

  it('joins the lines of one event and gives a last one without its blank line', () => {
    expect(events('data: a\ndata: b\n\ndata: c')).toEqual(['a\nb', 'c']);
  });

  it('names events, and takes the field error for one of that name', () => {
    expect(events('event: error\ndata: {"message":"x"}\n\n', 'error: {"code":400}\n\n', 'data: [DONE]\n\n')).toEqual([
      'error: {"message":"x"}',
      'error: {"code":400}',
      '[DONE]',
    ]);
  });

  it('gives JSON that stands there without a field, on one line or on several', () => {
    expect(events('data: a\n\n{"error":"x"}\n\ndata: [DONE]\n\n')).toEqual(['a', '{"error":"x"}', '[DONE]']);
    expect(events('data: a\n{\n  "error": "x"\n}\ndata: b\n\n')).toEqual(['a', '{\n  "error": "x"\n}', 'b']);
    expect(events('{"a":1}\n{"b":2}\n')).toEqual(['{"a":1}', '{"b":2}']);
  });

  it('begins with a byte order mark or not', () => {
    expect(events('\ufeffdata: a\n\n')).toEqual(['a']);
  });
});
