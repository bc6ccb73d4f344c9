import { describe, expect, it } from 'vitest';
import { readJsonDocument, SeveralValues } from '../../activities/ingestion/json-document.ts';
import { parseJson } from '../../activities/tables/loose-json.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = (text: string, size = 7, dropped?: string[]) => readJsonDocument(inPieces(text, size), dropped);

const nested = {
  'a "quoted" key\\': ['ends in a backslash\\', '"', '\\"', '', 'ü😀'],
  trajectory: [
    { query: [{ role: 'user', content: 'x' }], action: 'ls', messages: 'a text' },
    { action: 'cat', query: 17 },
    { query: '\\"]}' },
    { inner: { query: 'stays' } },
  ],
  query: 'stays',
  history: [
    { role: 'user', content: 'Hi', tool_calls: null },
    { role: 'assistant', content: 'Ho' },
  ],
  info: { exit_status: null, number: -1.5e3, yes: true },
};

describe('a JSON document', () => {
  it.each([1, 2, 3, 16, 4096])('loses what repeats and nothing else, in pieces of %d bytes', async (size) => {
    const expected = {
      ...nested,
      trajectory: [
        { query: null, action: 'ls', messages: null },
        { action: 'cat', query: null },
        { query: null },
        { inner: { query: 'stays' } },
      ],
    };
    for (const text of [JSON.stringify(nested), JSON.stringify(nested, null, 2)])
      expect(await read(text, size)).toEqual({ value: expected, cut: false, notUtf8: null });
  });

  it('is kept whole where nothing is to be dropped', async () => {
    expect((await read(JSON.stringify(nested), 5, [])).value).toEqual(nested);
  });

  it('that is cut anywhere gives a beginning of itself, without half messages', async () => {
    const text = JSON.stringify(nested);
    for (let length = 1; length < Buffer.byteLength(text); length += 1) {
      const bytes = Buffer.from(text).subarray(0, length);
      const { value, cut } = await readJsonDocument(
        (async function* () {
          yield bytes;
        })(),
        [],
      ).catch(() => ({ value: {}, cut: true }));
      expect(cut).toBe(true);
      for (const [key, part] of Object.entries(value ?? {})) {
        const whole = Object.entries(nested).find(([name]) => name === key)?.[1];
        expect(part).toEqual(Array.isArray(part) && Array.isArray(whole) ? whole.slice(0, part.length) : whole);
      }
    }
  });

  it('followed by another value is no document', async () => {
    await expect(read('{"a": 1}\n{"a": 2}')).rejects.toThrow(SeveralValues);
    expect((await read('{"a": 1}\n \n')).value).toEqual({ a: 1 });
  });

  it('that is no JSON says so', async () => {
    await expect(read('{"a": nope}')).rejects.toThrow(/not JSON/);
  });
});

describe("Python's JSON", () => {
  it('may hold NaN and Infinity, outside strings only', () => {
    expect(parseJson('{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN \\" Infinity", "d": "\\\\"}')).toEqual({
      a: null,
      b: [null, null],
      c: 'NaN " Infinity',
      d: '\\',
    });
    expect(() => parseJson('{"a": NaN')).toThrow(SyntaxError);
  });
});
