import * as assert from 'node:assert';
import { read } from '../src/dotpath';

describe('read', () => {
  it('finds a nested value', () => {
    assert.strictEqual(read({ a: { b: 1 } }, 'a.b'), 1);
  });

  it('gives the fallback where nothing is', () => {
    assert.strictEqual(read({ a: {} }, 'a.b.c', 'none'), 'none');
  });

  it('gives the whole tree for an empty path', () => {
    assert.deepStrictEqual(read({ a: 1 }, ''), { a: 1 });
  });
});
