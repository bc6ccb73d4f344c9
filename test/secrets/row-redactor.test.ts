import { describe, expect, it } from 'vitest';
import { findPrivate } from '../../activities/secrets/find-private.ts';
import { mapJsonStrings } from '../../activities/secrets/json-strings.ts';
import { RowRedactor } from '../../activities/secrets/row-redactor.ts';
import { PrivateKind, privateKindsOf } from '../../schemas/private-text.ts';
import { made, madeKeys, privateKey } from './made-secrets.ts';

const all = PrivateKind.options;
const key = madeKeys['github'] ?? '';

describe('redacting', () => {
  it('replaces each thing by the same word all over a row, and counts places by kind', () => {
    const redactor = new RowRedactor(all);
    expect(redactor.text(`jane@posteo.de and kim@posteo.de use ${key} in /home/jroe/x`)).toBe(
      'redacted-1@example.com and redacted-2@example.com use REDACTED_github_1 in /home/user/x',
    );
    expect(redactor.text(`kim@posteo.de, ${key}, /Users/jroe/x, /home/kim3/y`)).toBe(
      'redacted-2@example.com, REDACTED_github_1, /Users/user/x, /home/user-2/y',
    );
    expect(Object.fromEntries(redactor.replaced)).toEqual({ emails: 3, secrets: 2, home_folders: 3 });
  });

  it('leaves other kinds alone', () => {
    expect(new RowRedactor(['emails']).text(`jane@posteo.de ${key}`)).toBe(`redacted-1@example.com ${key}`);
  });

  it.each([...Object.values(madeKeys), privateKey, 'a@posteo.de', 'cd /home/jroe', `api_key="${made('', 32)}"`])(
    'leaves nothing to be found, and nothing to do again: %#',
    (text) => {
      const once = new RowRedactor(all).text(`x ${text} y`);
      expect(findPrivate(once)).toEqual([]);
      expect(new RowRedactor(all).text(once)).toBe(once);
    },
  );

  it('keeps the lines of a diff', () => {
    const diff = `--- a/k\n+++ b/k\n@@ -0,0 +1,9 @@\n+${privateKey.replaceAll('\n', '\n+')}\n+end\n`;
    const redacted = new RowRedactor(all).text(diff);
    expect(redacted.split('\n').map((line) => line[0])).toEqual(diff.split('\n').map((line) => line[0]));
    expect(redacted).not.toContain(privateKey.split('\n')[2]);
  });
});

describe('redacting JSON', () => {
  it('changes strings alone: blanks, numbers, order and other escapes stay', () => {
    const json = `{"b" : 1.50, "a":"caf\\u00e9", "command": "echo \\"${key}\\"\\ncat C:\\\\Users\\\\jroe\\\\x", "n":[1e3]}`;
    const redacted = new RowRedactor(all).json(json);
    expect(redacted).toBe(
      `{"b" : 1.50, "a":"caf\\u00e9", "command": "echo \\"REDACTED_github_1\\"\\ncat C:\\\\Users\\\\user\\\\x", "n":[1e3]}`,
    );
    expect(JSON.parse(redacted)).toMatchObject({ b: 1.5, a: 'café' });
  });

  it('finds a key that follows an escape', () => {
    expect(JSON.parse(new RowRedactor(all).json(JSON.stringify({ command: `\n${key}\t` })))).toEqual({ command: '\nREDACTED_github_1\t' });
  });

  it('rewrites what is no JSON as text', () => {
    expect(new RowRedactor(all).json(`{"command": ${key}`)).toBe('{"command": REDACTED_github_1');
    expect(mapJsonStrings('{"a": "b', (text) => text.replace('b', 'c'))).toBe('{"a": "c');
  });
});

describe('kinds by name', () => {
  it('are all, none or those that are named', () => {
    expect(privateKindsOf(['all'])).toEqual(all);
    expect(privateKindsOf(['none'])).toEqual([]);
    expect(privateKindsOf(['emails', 'secrets'])).toEqual(['secrets', 'emails']);
  });
});
