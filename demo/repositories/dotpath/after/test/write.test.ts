import * as assert from 'node:assert';
import { write } from '../src/dotpath';

describe('write', () => {
  it('leaves the given tree alone', () => {
    const tree = { a: { b: 1 } };
    assert.deepStrictEqual(write(tree, 'a.b', 2), { a: { b: 2 } });
    assert.deepStrictEqual(tree, { a: { b: 1 } });
  });

  it('makes what lies on the way', () => {
    assert.deepStrictEqual(write({}, 'a.b.c', true), { a: { b: { c: true } } });
  });

  it('keeps an escaped dot in a key below the first', () => {
    assert.deepStrictEqual(write({}, 'a.b\\.c.d', 1), { a: { 'b.c': { d: 1 } } });
  });
});
