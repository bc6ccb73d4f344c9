import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { retentionDays } from '../../../infra/temporal-namespace.ts';
import { withConnection } from '../../../platform/temporal/connect.ts';
import { connectWorker } from '../../../platform/temporal/connect-worker.ts';
import { temporalSettings } from '../../../platform/temporal/settings.ts';
import { messageOf } from '../../../schemas/problem.ts';
import { startTestServer } from '../../workflows/temporal-server.ts';
import { type Authority, contentsOf, type Identity, makeAuthority } from './certificates.ts';
import { startTlsProxy, type TlsProxy } from './tls-proxy.ts';

let folder: string;
let server: TestWorkflowEnvironment;
let proxy: TlsProxy;
let authority: Authority;
let other: Authority;
let client: Identity;
let stranger: Identity;
let plain: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tracemill-tls-'));
  authority = makeAuthority(folder, 'authority');
  other = makeAuthority(folder, 'other');
  client = authority.issue('client');
  stranger = other.issue('stranger');
  server = await startTestServer();
  plain = server.address;
  proxy = await startTlsProxy(plain, authority.issue('frontend', ['DNS:frontend']), authority.certificate);
});

afterAll(async () => {
  await proxy.close();
  await server.teardown();
  rmSync(folder, { recursive: true, force: true });
});

const named = { TEMPORAL_TLS_SERVER_NAME: 'frontend' };
const trusting = () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority.certificate, ...named });
const identified = ({ certificate, key }: Identity) => ({ TEMPORAL_TLS_CLIENT_CERT_PATH: certificate, TEMPORAL_TLS_CLIENT_KEY_PATH: key });

function settings(address: string, variables: Record<string, string>) {
  const { server: found } = temporalSettings({ HOME: folder, TEMPORAL_ADDRESS: address, ...variables });
  if (found === undefined) throw new Error('the settings name no server');
  return found;
}

/** What client and worker say of the same settings: `connected`, or the code of the problem. */
async function attempt(address: string, variables: Record<string, string>): Promise<{ client: string; worker: string; message: string }> {
  const target = settings(address, variables);
  let message = '';
  const failed = (error: unknown) => {
    message = messageOf(error);
    return error instanceof Error && 'code' in error ? String(error.code) : message;
  };
  const asClient = await withConnection(target, (connection) => retentionDays(connection, target.namespace), 3_000).then(
    () => 'connected',
    failed,
  );
  const asWorker = await connectWorker(target, 3_000).then(async (connection) => {
    await connection.close();
    return 'connected';
  }, failed);
  return { client: asClient, worker: asWorker, message };
}

const both = (outcome: string) => expect.objectContaining({ client: outcome, worker: outcome });

describe('a server with TLS that wants client certificates', () => {
  it('is reached with a certificate of its authority, as files or as they are', async () => {
    expect(await attempt(proxy.address, { ...trusting(), ...identified(client) })).toEqual(both('connected'));
    const { cert, key } = contentsOf(client);
    const inline = {
      TEMPORAL_TLS_CLIENT_CERT_DATA: cert.toString(),
      TEMPORAL_TLS_CLIENT_KEY_DATA: key.toString(),
      TEMPORAL_TLS_SERVER_CA_CERT_DATA: readFileSync(authority.certificate, 'utf8'),
      ...named,
    };
    expect(await attempt(proxy.address, inline)).toEqual(both('connected'));
  });

  it('fails with a code for what is wrong, for client and worker alike', async () => {
    const without = await attempt(proxy.address, trusting());
    expect(without).toEqual(both('temporal_client_certificate_refused'));
    expect(without.message).toContain(`${proxy.address} (namespace default, TLS) wants a client certificate`);
    expect(await attempt(proxy.address, { ...trusting(), ...identified(stranger) })).toEqual(both('temporal_client_certificate_refused'));
    expect(await attempt(proxy.address, { ...named, ...identified(client) })).toEqual(both('temporal_certificate_untrusted'));
    expect(await attempt(proxy.address, { ...trusting(), ...identified(client), TEMPORAL_TLS_SERVER_NAME: 'elsewhere' })).toEqual(
      both('temporal_certificate_untrusted'),
    );
    expect(await attempt(proxy.address, {})).toEqual(both('temporal_tls_mismatch'));
  });
});

describe('a server in plain text', () => {
  it('is no server with TLS', async () => {
    expect(await attempt(plain, {})).toEqual(both('connected'));
    expect(await attempt(plain, { TEMPORAL_TLS: 'true' })).toEqual(both('temporal_tls_mismatch'));
  });
});

describe('an address where no Temporal server is', () => {
  it('is unreachable when nobody listens, or nobody answers', async () => {
    expect(await attempt('127.0.0.1:1', {})).toEqual(both('temporal_unreachable'));
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    expect(await attempt(addressOf(silent), trusting())).toEqual(both('temporal_unreachable'));
  });
});

describe('an API key', () => {
  it('is sent as a bearer token over TLS, and its refusal is reported without it', async () => {
    const key = 'key-for-the-test-1234567890';
    const seen: (string | undefined)[] = [];
    const cloud = await refusingServer(authority.issue('cloud', ['IP:127.0.0.1']), (authorization) => seen.push(authorization));
    onTestFinished(() => void cloud.close());
    const target = settings(addressOf(cloud), { TEMPORAL_API_KEY: key, TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority.certificate });
    const refused = await withConnection(target, async () => undefined, 3_000).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'temporal_unauthorized', message: expect.stringContaining('refuses the API key: no such key') });
    expect(JSON.stringify([messageOf(refused), refused])).not.toContain(key);
    await connectWorker(target, 3_000).catch(() => undefined);
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(new Set(seen)).toEqual(new Set([`Bearer ${key}`]));
  });
});

/** A gRPC server that answers every call with UNAUTHENTICATED. */
async function refusingServer(own: Identity, onCall: (authorization: string | undefined) => void): Promise<Http2SecureServer> {
  const refusing = createSecureServer(contentsOf(own));
  refusing.on('stream', (stream, headers) => {
    onCall(headers.authorization);
    stream.respond(
      { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16', 'grpc-message': 'no such key' },
      { endStream: true },
    );
  });
  refusing.listen(0, '127.0.0.1');
  await once(refusing, 'listening');
  return refusing;
}

function addressOf(listener: { address(): unknown }): string {
  const address = listener.address();
  if (typeof address === 'object' && address !== null && 'port' in address) return `127.0.0.1:${String(address.port)}`;
  throw new Error('it does not listen on a port');
}
