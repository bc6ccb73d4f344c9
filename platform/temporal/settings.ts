import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type ClientConfigProfile, loadClientConfigProfile, toClientOptions } from '@temporalio/envconfig';
import { messageOf, Problem } from '../../schemas/problem.ts';
import type { ServerAccess, TemporalServer } from './server.ts';

/**
 * The server that `TEMPORAL_*` variables or a profile name, and the namespace in use; the server is undefined when nothing
 * names an address. Variables win over the profile, as everywhere with Temporal. Throws `Problem` bad_temporal_settings for
 * settings that contradict each other, files that cannot be read and a profile that is not there.
 */
export function temporalSettings(environment: NodeJS.ProcessEnv = process.env): { server?: TemporalServer; namespace: string } {
  const settings = given(environment);
  const profile = readProfile(settings);
  const namespace = profile.namespace ?? 'default';
  if (profile.address === undefined) {
    const idle = accessSettings(settings, profile);
    if (idle === undefined) return { namespace };
    throw bad(
      `${idle} is set, but neither TEMPORAL_ADDRESS nor a profile names a server`,
      'set TEMPORAL_ADDRESS to host:port, or unset it',
    );
  }
  return {
    namespace,
    server: { address: checkedAddress(profile.address), namespace, namedBy: namedBy(settings), access: access(settings, profile) },
  };
}

/** The variables that are set. An empty one counts as unset, except for a header, which it removes. */
function given(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = Object.entries(environment).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(entries.filter(([name, value]) => value !== '' || name.startsWith('TEMPORAL_GRPC_META_')));
}

function readProfile(settings: Record<string, string>): ClientConfigProfile {
  const file = settings['TEMPORAL_CONFIG_FILE'];
  if (file !== undefined && !existsSync(file)) throw bad(`TEMPORAL_CONFIG_FILE names ${file}, which is not there`, 'check the path');
  try {
    return loadClientConfigProfile({ overrideEnvVars: settings });
  } catch (error) {
    throw bad(messageOf(error), `check ${profileFile(settings)} and TEMPORAL_PROFILE`, error);
  }
}

function access(settings: Record<string, string>, profile: ClientConfigProfile): ServerAccess {
  const { tls: security } = profile;
  if (isTrue(settings['TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'])) {
    throw bad(
      'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported: the server’s certificate is always checked',
      'name its certificate authority in TEMPORAL_TLS_SERVER_CA_CERT_PATH, its name in TEMPORAL_TLS_SERVER_NAME',
    );
  }
  if (security !== undefined && (security.clientCert === undefined) !== (security.clientKey === undefined)) {
    throw bad(
      security.clientKey === undefined ? 'there is a client certificate without its key' : 'there is a client key without its certificate',
      'set both TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH (or _DATA)',
    );
  }
  try {
    const { tls, apiKey, metadata } = toClientOptions(profile).connectionOptions;
    // Metadata may be a function in other uses of the type; a profile gives a record.
    const { grpcMeta } = profile;
    return {
      tls: tls ?? false,
      ...(apiKey !== undefined && { apiKey }),
      ...(metadata !== undefined && grpcMeta !== undefined && { metadata: grpcMeta }),
    };
  } catch (error) {
    throw bad(`a certificate or key cannot be read: ${messageOf(error)}`, 'check the paths of TEMPORAL_TLS_* and of the profile', error);
  }
}

/** What there is to log in with, by the name of its setting. */
function accessSettings(settings: Record<string, string>, profile: ClientConfigProfile): string | undefined {
  const named = Object.keys(settings).find((name) => name === 'TEMPORAL_API_KEY' || name.startsWith('TEMPORAL_TLS'));
  if (named !== undefined) return named;
  return profile.apiKey !== undefined || profile.tls !== undefined ? `an API key or TLS in ${profileFile(settings)}` : undefined;
}

function namedBy(settings: Record<string, string>): string {
  if (settings['TEMPORAL_ADDRESS'] !== undefined) return 'TEMPORAL_ADDRESS';
  return `profile ${settings['TEMPORAL_PROFILE'] ?? 'default'} of ${profileFile(settings)}`;
}

/** Where Temporal's own tools look as well. */
function profileFile(settings: Record<string, string>): string {
  const folder = settings['XDG_CONFIG_HOME'] ?? join(settings['HOME'] ?? homedir(), '.config');
  return settings['TEMPORAL_CONFIG_FILE'] ?? join(folder, 'temporalio', 'temporal.toml');
}

function checkedAddress(address: string): string {
  if (/^[^/\s]+:\d+$/.test(address)) return address;
  throw bad(`"${address}" is no address of a Temporal server`, 'give host:port, without http:// before it');
}

function isTrue(value: string | undefined): boolean {
  return value === '1' || value === 'true';
}

function bad(message: string, hint: string, cause?: unknown): Problem {
  return new Problem('bad_temporal_settings', message, { hint, ...(cause !== undefined && { cause }) });
}
