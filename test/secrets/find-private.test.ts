import { describe, expect, it } from 'vitest';
import { findPrivate } from '../../activities/secrets/find-private.ts';
import type { LeftOutReason } from '../../activities/secrets/hit.ts';
import { made, madeKeys, privateKey } from './made-secrets.ts';

function found(text: string): string[] {
  return findPrivate(text).map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);
}

function leftOut(text: string): LeftOutReason[] {
  const reasons: LeftOutReason[] = [];
  expect(findPrivate(text, (reason) => reasons.push(reason))).toEqual([]);
  return reasons;
}

describe('a key in a known format', () => {
  it.each(Object.entries(madeKeys))('of %s is found in a command, in an environment and in printed JSON', (_, key) => {
    const expected = [`secrets: ${key}`];
    expect(found(`curl -H 'X-Key: ${key}' https://api.acme.io`)).toEqual(expected);
    expect(found(`PLAIN=${key}\nOTHER=1`)).toEqual(expected);
    expect(found(String.raw`{"log": "first line\n${key}\nlast"}`)).toEqual(expected);
  });

  it('is found as the secret part of an address or header', () => {
    const password = made('', 16, 'password');
    expect(found(`postgres://admin:${password}@db.acme.io:5432/main`).join()).toContain(password);
    const token = made('', 40, 'bearer');
    expect(found(`Authorization: Bearer ${token}`)).toEqual([`secrets: ${token}`]);
    expect(found(`AWS_SECRET_ACCESS_KEY=${made('', 40, 'aws secret')}`)).toHaveLength(1);
  });

  it('is found between the marks of a private key, in a diff and cut off too', () => {
    expect(found(`key:\n${privateKey}\n`)).toEqual([`secrets: ${privateKey}`]);
    const removed = privateKey.replaceAll('\n', '\n-');
    expect(found(`-${removed}\n+gone`)).toEqual([`secrets: ${removed}`]);
    const cut = privateKey.split('\n').slice(0, 5).join('\n');
    expect(found(`${cut}\n[output cut]`)).toEqual([`secrets: ${cut}`]);
    expect(found('if "-----BEGIN RSA PRIVATE KEY-----" in text and "-----END RSA PRIVATE KEY-----" in text:')).toEqual([]);
  });

  it('is none where the value says so, repeats or counts', () => {
    expect(leftOut(`aws_access_key_id = ${'AKIA'}IOSFODNN7EXAMPLE`)).toContain('placeholder');
    expect(leftOut(`ghp_${'a'.repeat(36)}`)).toContain('placeholder');
    expect(leftOut(`ghp_${'1234567890abcdefghijklmnopqrstuvwxyz'}`)).toContain('placeholder');
  });
});

describe('a string of high entropy', () => {
  const value = made('', 32, 'entropy');

  it.each([`api_key = "${value}"`, `"clientSecret": "${value}"`, `export DB_PASSWORD=${value}`, `secrets['token'] => '${value}'`])(
    'is found beside a name of a secret: %s',
    (text) => expect(found(text)).toEqual([`high_entropy: ${value}`]),
  );

  it.each([
    `commit ${made('', 40, 'sha', '0123456789abcdef')}`,
    `"integrity": "sha512-${made('', 86)}=="`,
    `<img src="data:image/png;base64,${made('', 2000)}">`,
    'token = self.tokenizer.next_token_2_or_none_v1()',
    'authorization: rbac.authorization.k8s.io/v1alpha1',
    'access_log: /var/log/nginx/access.2024-01-02.log.1',
    'password: "correct horse battery staple"',
    'class PasswordResetTokenGenerator2Test',
  ])('is none without one, or as a word: %s', (text) => expect(found(text)).toEqual([]));

  it('is none where it is a unique id or a placeholder', () => {
    expect(leftOut('session_id: 0b8e2f5c-31d4-4c7a-9a55-6de1f20c8b73')).toEqual(['unique id']);
    expect(leftOut('API_KEY=changeme7a8f3k29dkq02mfpz')).toEqual(['placeholder']);
  });
});

describe('an e-mail address', () => {
  it.each([
    ['Author: Jane Roe <jane.roe+git@posteo.de>', 'jane.roe+git@posteo.de'],
    ['write to m_mueller@uni-koeln.de.', 'm_mueller@uni-koeln.de'],
    ['"email":"k@mail.ru"', 'k@mail.ru'],
    ['Signed-off-by: 1234+roe@users.noreply.github.com', '1234+roe@users.noreply.github.com'],
  ])('is found in %s', (text, address) => expect(found(text)).toEqual([`emails: ${address}`]));

  it.each([
    'npm install react@18.2.0 lodash@latest',
    'icon@2x.png',
    'x = a@b.T',
    'product = left@right.to(device)',
    '@app.route("/")',
    'Author: agent <agent@localhost>',
    'pkg@npm:1.0.0',
    'https://cdn.acme.io/npm/vue@3.2.1/dist/vue.js',
  ])('is none: %s', (text) => expect(found(text)).toEqual([]));

  it('is left out where nobody has it', () => {
    expect(leftOut('user@example.com admin@sub.example.org a@host.test')).toEqual([
      'reserved domain',
      'reserved domain',
      'reserved domain',
    ]);
    expect(leftOut('git clone git@github.com:acme/parser.git; noreply@github.com')).toEqual(['service account', 'service account']);
  });
});

describe('the name of a home folder', () => {
  it.each([
    ['cd /home/jroe/src', 'jroe'],
    ['File "/Users/jane.roe/app.py", line 3', 'jane.roe'],
    [String.raw`C:\Users\Jane Roe\AppData`, 'Jane Roe'],
    [String.raw`"C:\\Users\\jroe\\x"`, 'jroe'],
    ['file:///home/jroe/x', 'jroe'],
    ['/mnt/c/Users/jroe', 'jroe'],
    ['HOME=/home/jroe', 'jroe'],
  ])('is found in %s', (text, name) => expect(found(text)).toEqual([`home_folders: ${name}`]));

  it.each(['https://acme.io/home/news2/x', 'src/home/jroe.ts', './home/x1', 'GET /users/jroe', '/homework/jroe'])('is none: %s', (text) =>
    expect(found(text)).toEqual([]),
  );

  it('is left out where an image or a build service brings it', () => {
    expect(leftOut('/home/ubuntu/x /home/runner/work /Users/USERNAME/')).toEqual(['service account', 'service account', 'service account']);
  });
});

describe('reading', () => {
  it('counts what lies in another hit once', () => {
    expect(found(`https://jane%40posteo.de:${made('', 16)}@git.acme.io/x`)).toHaveLength(1);
  });

  it.each([
    '@',
    'a@',
    'a.',
    'eyJ',
    'bearer ',
    '-----BEGIN PRIVATE KEY-----\n',
    'password=',
    '/home/',
    'C:\\Users\\',
    '"token": "',
    'aA1+',
    '\\n',
  ])('takes time that grows with the length, whatever stands in it: %s', (piece) => {
    const start = performance.now();
    findPrivate(piece.repeat(Math.ceil(200_000 / piece.length)));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
