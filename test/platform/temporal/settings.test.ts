import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeServer } from '../../../platform/temporal/server.ts';
import { temporalSettings } from '../../../platform/temporal/settings.ts';
import { scratchFolder } from '../../scratch-folder.ts';

/** An environment in which no profile lies about. */
function bare(variables: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { HOME: scratchFolder('settings'), ...variables };
}

function withFile(toml: string, variables: Record<string, string> = {}): NodeJS.ProcessEnv {
  const file = join(scratchFolder('profile'), 'temporal.toml');
  writeFileSync(file, toml);
  return bare({ TEMPORAL_CONFIG_FILE: file, ...variables });
}

describe('the settings of a Temporal server', () => {
  it('name none by default, and may still name the namespace of the home’s own', () => {
    expect(temporalSettings(bare())).toEqual({ namespace: 'default' });
    expect(temporalSettings(bare({ TEMPORAL_NAMESPACE: 'mill', TEMPORAL_ADDRESS: '' }))).toEqual({ namespace: 'mill' });
  });

  it('come from variables', () => {
    expect(temporalSettings(bare({ TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_NAMESPACE: 'mill' }))).toEqual({
      namespace: 'mill',
      server: { address: 'temporal.example:7233', namespace: 'mill', namedBy: 'TEMPORAL_ADDRESS', access: { tls: false } },
    });
  });

  it('use TLS with an API key, unless TLS is switched off', () => {
    const variables = { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_API_KEY: 'k' };
    expect(temporalSettings(bare(variables)).server?.access).toEqual({ tls: true, apiKey: 'k' });
    expect(temporalSettings(bare({ ...variables, TEMPORAL_TLS: 'false' })).server?.access).toEqual({ tls: false, apiKey: 'k' });
  });

  it('take certificates as files or as they are', () => {
    const folder = scratchFolder('certificates');
    writeFileSync(join(folder, 'ca.pem'), 'CA');
    const { server } = temporalSettings(
      bare({
        TEMPORAL_ADDRESS: 'temporal.example:7233',
        TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(folder, 'ca.pem'),
        TEMPORAL_TLS_CLIENT_CERT_DATA: 'CERT',
        TEMPORAL_TLS_CLIENT_KEY_DATA: 'KEY',
        TEMPORAL_TLS_SERVER_NAME: 'frontend',
      }),
    );
    expect(server?.access.tls).toEqual({
      serverNameOverride: 'frontend',
      serverRootCACertificate: new Uint8Array(Buffer.from('CA')),
      clientCertPair: { crt: new Uint8Array(Buffer.from('CERT')), key: new Uint8Array(Buffer.from('KEY')) },
    });
  });

  it('come from a profile, by name or the default one, with variables before it', () => {
    const toml = `
[profile.default]
address = "one.example:7233"
[profile.cloud]
address = "two.example:7233"
namespace = "mill.abc"
api_key = "from-file"
[profile.cloud.grpc_meta]
Tenant = "t1"
`;
    expect(temporalSettings(withFile(toml)).server).toMatchObject({ address: 'one.example:7233', namespace: 'default' });
    const cloud = withFile(toml, { TEMPORAL_PROFILE: 'cloud', TEMPORAL_API_KEY: 'from-variable' });
    const { server } = temporalSettings(cloud);
    expect(server).toEqual({
      address: 'two.example:7233',
      namespace: 'mill.abc',
      namedBy: `profile cloud of ${cloud['TEMPORAL_CONFIG_FILE']}`,
      access: { tls: true, apiKey: 'from-variable', metadata: { tenant: 't1' } },
    });
  });

  it.each([
    ['an address with a scheme', { TEMPORAL_ADDRESS: 'http://x:7233' }, 'host:port'],
    ['an address without a port', { TEMPORAL_ADDRESS: 'temporal.example' }, 'host:port'],
    ['a key without a server', { TEMPORAL_API_KEY: 'secret-key' }, 'TEMPORAL_ADDRESS'],
    ['TLS without a server', { TEMPORAL_TLS: 'true' }, 'TEMPORAL_ADDRESS'],
    ['a certificate without its key', { TEMPORAL_ADDRESS: 'x:1', TEMPORAL_TLS_CLIENT_CERT_DATA: 'C' }, 'CLIENT_KEY'],
    ['a certificate that is not there', { TEMPORAL_ADDRESS: 'x:1', TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere' }, 'TEMPORAL_TLS'],
    ['a file that is not there', { TEMPORAL_CONFIG_FILE: '/nowhere.toml' }, 'path'],
    ['no check of the server’s certificate', { TEMPORAL_ADDRESS: 'x:1', TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: '1' }, 'CA_CERT'],
    ['a profile that no file holds', { TEMPORAL_PROFILE: 'cloud' }, 'TEMPORAL_PROFILE'],
  ])('refuse %s, with what to do', (_what, variables, hint) => {
    expect(() => temporalSettings(bare(variables))).toThrowError(
      expect.objectContaining({ code: 'bad_temporal_settings', hint: expect.stringContaining(hint) }),
    );
  });

  it('show no secret in words', () => {
    const { server } = temporalSettings(bare({ TEMPORAL_ADDRESS: 'x.example:7233', TEMPORAL_API_KEY: 'secret-key' }));
    expect(server && describeServer(server)).toBe('x.example:7233 (namespace default, TLS)');
  });
});
