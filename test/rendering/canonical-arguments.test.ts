import { describe, expect, it } from 'vitest';
import { canonicalArguments } from '../../activities/rendering/canonical-arguments.ts';

describe('arguments as templates show them', () => {
  it.each([
    ['{"a":1,"b":[1,2,{"c":null}]}', '{"a": 1, "b": [1, 2, {"c": null}]}'],
    [' { } ', '{}'],
    ['', '{}'],
    ['{"b":1,"1":2,"b":3}', '{"b": 3, "1": 2}'],
    [
      '{"n":[1.0,1.50,-0,-0.0,1e5,1E-5,1e16,123456789012345678901234567890,0.0001,0.1e1]}',
      '{"n": [1.0, 1.5, 0, -0.0, 100000.0, 1e-05, 1e+16, 123456789012345678901234567890, 0.0001, 1.0]}',
    ],
    [String.raw`{"\u0061":"\u00e9\/\\u\u001b\u007f\ud83d\ude00"}`, `{"a": "é/\\\\u\\u001b\u007f😀"}`],
    ['{"s":"a\\\\","t":"\\"b"}', '{"s": "a\\\\", "t": "\\"b"}'],
  ])('%s', (given, canonical) => {
    expect(canonicalArguments(given)).toBe(canonical);
    expect(canonicalArguments(canonical)).toBe(canonical);
  });

  it.each([
    '[1]',
    '"a"',
    'null',
    '{"a":1',
    '{"a" 1}',
    '{"a":1,}',
    '{"a":NaN}',
    '{"a":1e999}',
    '{"a":"',
    '{"a":01}',
    '{} x',
    '{"a":"\n"}',
    `{"a":${'['.repeat(600)}`,
  ])('not %j', (given) => {
    expect(() => canonicalArguments(given)).toThrow(/not a JSON object/);
  });
});
