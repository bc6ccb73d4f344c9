import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { isMissingFile } from '../../platform/missing-file.ts';
import { orAborted } from '../../platform/waiting.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';

/** As the engine takes them with a pull. */
export type RegistryCredentials = { username: string; password: string } | { identitytoken: string };

const ClientConfiguration = z.object({
  auths: z
    .record(
      z.string(),
      z.object({
        auth: z.string().optional(),
        username: z.string().optional(),
        password: z.string().optional(),
        identitytoken: z.string().optional(),
      }),
    )
    .optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
  credsStore: z.string().optional(),
});
type ClientConfiguration = z.infer<typeof ClientConfiguration>;

const HelperAnswer = z.object({ Username: z.string(), Secret: z.string().min(1) });

const helperTimeoutMs = 30_000;

/** Host (and port) of the registry that an image's name means: `docker.io` unless its first part looks like a host. */
export function registryOf(name: string): string {
  const slash = name.indexOf('/');
  const first = slash === -1 ? '' : name.slice(0, slash);
  if (first === 'index.docker.io') return 'docker.io';
  return /[.:]/.test(first) || first === 'localhost' ? first : 'docker.io';
}

/**
 * What the Docker client would present to a registry: the entry of its configuration (`DOCKER_CONFIG`, else
 * `~/.docker`), or the answer of a credential helper. Undefined means to ask without. Throws `Problem`
 * registry_configuration_bad when the file cannot be understood.
 */
export async function registryCredentials(registry: string, environment = process.env): Promise<RegistryCredentials | undefined> {
  const folder = environment['DOCKER_CONFIG'] || join(homedir(), '.docker');
  const configuration = await readConfiguration(join(folder, 'config.json'));
  if (configuration === undefined) return undefined;
  const keys = keysOf(registry);
  const helper = keys.map((key) => configuration.credHelpers?.[key]).find((name) => name !== undefined) ?? configuration.credsStore;
  const answer = helper === undefined || helper === '' ? undefined : await askHelper(helper, keys[0] ?? registry, environment);
  return answer ?? storedCredentials(configuration, keys);
}

async function readConfiguration(path: string): Promise<ClientConfiguration | undefined> {
  try {
    return ClientConfiguration.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    if (isMissingFile(error)) return undefined;
    // A parser's message may quote the file, and with it a secret.
    const shapeless = error instanceof z.ZodError || error instanceof SyntaxError;
    const reason = shapeless ? 'this is no configuration of a Docker client' : messageOf(error);
    throw new Problem('registry_configuration_bad', `${path}: ${reason}`, {
      hint: 'fix the file, or point DOCKER_CONFIG to another folder',
    });
  }
}

/** Names under which a registry is filed, the one that helpers know first. Docker Hub has its historical one. */
function keysOf(registry: string): string[] {
  return registry === 'docker.io' ? ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io'] : [registry];
}

/** Without a readable answer the pull goes on, as the Docker client's would, and the registry accepts or refuses it. */
async function askHelper(name: string, registry: string, environment: NodeJS.ProcessEnv): Promise<RegistryCredentials | undefined> {
  if (!/^[\w.-]+$/.test(name)) return undefined;
  const signal = AbortSignal.timeout(helperTimeoutMs);
  const helper = spawn(`docker-credential-${name}`, ['get'], {
    env: environment,
    stdio: ['pipe', 'pipe', 'ignore'],
    signal,
    killSignal: 'SIGKILL',
  });
  helper.on('error', () => undefined);
  helper.stdin.on('error', () => undefined);
  helper.stdin.end(`${registry}\n`);
  try {
    const { Username, Secret } = HelperAnswer.parse(JSON.parse(await orAborted(text(helper.stdout), signal)));
    return Username === '<token>' ? { identitytoken: Secret } : { username: Username, password: Secret };
  } catch {
    return undefined;
  }
}

function storedCredentials({ auths = {} }: ClientConfiguration, keys: string[]): RegistryCredentials | undefined {
  const hosts = new Set(keys.map(hostOf));
  const entry = Object.entries(auths).find(([key]) => hosts.has(hostOf(key)))?.[1];
  if (entry === undefined) return undefined;
  if (entry.identitytoken !== undefined && entry.identitytoken !== '') return { identitytoken: entry.identitytoken };
  const pair = Buffer.from(entry.auth ?? '', 'base64')
    .toString('utf8')
    .replace(/\0+$/, '');
  const colon = pair.indexOf(':');
  const username = colon === -1 ? entry.username : pair.slice(0, colon);
  const password = colon === -1 ? entry.password : pair.slice(colon + 1);
  return username === undefined || password === undefined ? undefined : { username, password };
}

function hostOf(key: string): string {
  return key.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}
