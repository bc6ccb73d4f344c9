import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registryCredentials, registryOf } from '../../activities/engine/registry-credentials.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-credentials-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const registry = 'registry.example:5000';
const base64 = (text: string) => Buffer.from(text).toString('base64');

function ask(configuration: object | string, of = registry) {
  writeFileSync(join(folder, 'config.json'), typeof configuration === 'string' ? configuration : JSON.stringify(configuration));
  return registryCredentials(of, { DOCKER_CONFIG: folder, PATH: `${folder}:${process.env['PATH']}` });
}

/** `docker-credential-NAME`, which notes what it was asked for. */
function helper(name: string, answer: string): void {
  const path = join(folder, `docker-credential-${name}`);
  writeFileSync(path, `#!/bin/sh\n[ "$1" = get ] || exit 1\nread server\n${answer}\n`);
  chmodSync(path, 0o755);
}
const echoing = `printf '{"ServerURL":"%s","Username":"mill","Secret":"word-for-%s"}' "$server" "$server"`;

describe('registryOf', () => {
  it.each([
    ['ubuntu', 'docker.io'],
    ['team/widget:1', 'docker.io'],
    ['docker.io/team/widget:1', 'docker.io'],
    ['index.docker.io/team/widget:1', 'docker.io'],
    ['registry.example/team/widget', 'registry.example'],
    ['localhost/widget', 'localhost'],
    ['127.0.0.1:5000/widget@sha256:0', '127.0.0.1:5000'],
  ])('of %s is %s', (name, expected) => {
    expect(registryOf(name)).toBe(expected);
  });
});

describe('registryCredentials', () => {
  it('asks without any when the client was never configured, or for another registry', async () => {
    expect(await registryCredentials(registry, { DOCKER_CONFIG: folder })).toBeUndefined();
    expect(await ask({ auths: { 'other.example': { auth: base64('mill:word') } } })).toBeUndefined();
    expect(await ask({ auths: { [registry]: {} } })).toBeUndefined();
  });

  it('reads what `docker login` stored, with a colon in the password', async () => {
    expect(await ask({ auths: { [registry]: { auth: base64('mill:a:b') } } })).toEqual({ username: 'mill', password: 'a:b' });
    expect(await ask({ auths: { [`https://${registry}/v2/`]: { auth: base64('mill:word') } } })).toEqual({
      username: 'mill',
      password: 'word',
    });
    expect(await ask({ auths: { [registry]: { username: 'mill', password: 'word' } } })).toEqual({ username: 'mill', password: 'word' });
  });

  it('knows Docker Hub by its old name', async () => {
    const auths = { 'https://index.docker.io/v1/': { auth: base64('mill:word') } };
    expect(await ask({ auths }, registryOf('team/widget:1'))).toEqual({ username: 'mill', password: 'word' });
  });

  it('prefers an identity token', async () => {
    expect(await ask({ auths: { [registry]: { auth: base64('mill:'), identitytoken: 'tok' } } })).toEqual({ identitytoken: 'tok' });
  });

  it("asks the registry's helper before the general one, under the name that helpers know", async () => {
    helper('own', echoing);
    helper('all', `printf '{"Username":"<token>","Secret":"for-%s"}' "$server"`);
    const configuration = { credHelpers: { [registry]: 'own' }, credsStore: 'all' };
    expect(await ask(configuration)).toEqual({ username: 'mill', password: `word-for-${registry}` });
    expect(await ask(configuration, 'docker.io')).toEqual({ identitytoken: 'for-https://index.docker.io/v1/' });
  });

  it('falls back to the file when a helper fails, is missing or has an impossible name', async () => {
    helper('failing', `printf 'credentials not found'; exit 1`);
    const auths = { [registry]: { auth: base64('mill:word') } };
    for (const credsStore of ['failing', 'nowhere', '../failing'])
      expect(await ask({ auths, credsStore })).toEqual({ username: 'mill', password: 'word' });
  });

  it('refuses a broken file without quoting it', async () => {
    for (const broken of ['{"auths": {"x": {"auth": SECRET', '{"auths": {"x": {"auth": ["SECRET"]}}}']) {
      const problem = await ask(broken).catch((error: unknown) => error);
      expect(problem).toMatchObject({ code: 'registry_configuration_bad', message: expect.stringContaining(join(folder, 'config.json')) });
      expect(`${JSON.stringify(problem)}${String(problem)}`).not.toContain('SECRET');
    }
  });
});
