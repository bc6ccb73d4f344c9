import { describe, expect, it } from 'vitest';
import { Redactor } from '../../platform/redactor.ts';

describe('a redactor', () => {
  const secret = 'sk-9/a+b=c d"e';

  it.each([
    ['as it is', `key ${secret}!`],
    ['in an URL', `?key=${encodeURIComponent(secret)}&x`],
    ['in JSON', JSON.stringify({ key: secret })],
    ...[0, 1, 2].map((offset) => [`in base64 behind ${offset} bytes`, Buffer.from(`${'x'.repeat(offset)}${secret}`).toString('base64')]),
    ...[0, 1, 2].map((offset) => [
      `in base64url behind ${offset} bytes`,
      Buffer.from(`${'x'.repeat(offset)}${secret}`).toString('base64url'),
    ]),
  ])('takes a secret out %s', (_name, text = '') => {
    const redactor = new Redactor();
    redactor.add(secret);
    const clean = redactor.redact(text);
    expect(clean).toContain('[secret]');
    expect(clean).not.toContain(secret.slice(0, 8));
    expect(clean.length).toBeLessThan(text.length + 4);
  });

  it('leaves other text alone, and words that are too short to be keys', () => {
    const redactor = new Redactor();
    redactor.add('EMPTY');
    redactor.add(secret);
    expect(redactor.redact('the list is EMPTY, sk-9 or not')).toBe('the list is EMPTY, sk-9 or not');
  });

  it('takes out the longer of two secrets that begin alike', () => {
    expect(new Redactor(['key-01', 'key-01-long']).redact('key-01-long key-01')).toBe('[secret] [secret]');
  });
});
