import { expect, it } from 'vitest';
import { pythonStrings } from '../../../activities/evaluation/benchmarks/python-list.ts';

it.each([
  ['[]', []],
  [`['a', "it's", 'say "x"',]`, ['a', "it's", 'say "x"']],
  [`["a","b"]`, ['a', 'b']],
  [String.raw`['tab\t', 'back\\slash', 'quote\'', '\xe9\u00e9\U0001f600']`, ['tab\t', 'back\\slash', "quote'", 'éé😀']],
  [`[\n 'a',\n 'b'\n]`, ['a', 'b']],
])('reads %s', (text, strings) => expect(pythonStrings(text)).toEqual(strings));

it.each([
  '',
  'a',
  '[a]',
  "['a' 'b'",
  "['a' 'b']",
  "('a', 'b')",
  "array(['a'])",
  "['a'",
  "['a']; import os",
  '[1]',
  "['a', ['b']]",
  String.raw`['\x4']`,
])('reads nothing of %s', (text) => expect(pythonStrings(text)).toBeUndefined());
