import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { generateKeyPairSync } from 'node:crypto';
import { z } from 'zod';
import { installPackages } from '../../infra/bootstrap/debian.ts';
import { findProgram, runCommand } from '../../infra/bootstrap/system-command.ts';
import { freePort } from '../../platform/free-port.ts';
import { paths } from '../../platform/home.ts';
import { withLock } from '../../platform/lock.ts';

const version = '1.34.4';
const kubeflow = 'github.com/kubeflow/trainer/v2@v2.3.0';

const Module = z.object({ Dir: z.string(), GoMod: z.string() });

async function download(module: string, cwd: string): Promise<z.infer<typeof Module>> {
  return Module.parse(JSON.parse(await runCommand('go', ['mod', 'download', '-json', module], { purpose: module, cwd })));
}

/**
 * The API server's program, built from its Go module, once for a home: ten minutes or so. Installing the module is refused, since
 * it replaces those that it is made of; a module of our own makes the same replacements.
 */
async function kubeApiserver(): Promise<string> {
  const folder = join(paths.cache(), `kube-apiserver-${version}`);
  const program = join(folder, 'kube-apiserver');
  return await withLock(
    'kube-apiserver',
    async () => {
      if (existsSync(program)) return program;
      mkdirSync(folder, { recursive: true });
      const { GoMod } = await download(`k8s.io/kubernetes@v${version}`, folder);
      const parts = new Set([...readFileSync(GoMod, 'utf8').matchAll(/\s(k8s\.io\/[a-z-]+) v0\.0\.0$/gm)].map(([, name]) => name));
      const replacements = [...parts].map((name) => `replace ${name} => ${name} v0.${version.slice(2)}`);
      const lines = [
        'module kube-apiserver',
        'go 1.24.0',
        'tool k8s.io/kubernetes/cmd/kube-apiserver',
        `require k8s.io/kubernetes v${version}`,
      ];
      writeFileSync(join(folder, 'go.mod'), `${[...lines, ...replacements].join('\n')}\n`);
      const go = async (...args: string[]) =>
        await runCommand('go', args, {
          purpose: 'kube-apiserver',
          cwd: folder,
          env: { GOFLAGS: '-mod=mod -buildvcs=false' },
          timeoutMs: 1_800_000,
        });
      await go('mod', 'tidy');
      await go('build', '-o', `${program}.partial`, 'k8s.io/kubernetes/cmd/kube-apiserver');
      renameSync(`${program}.partial`, program);
      return program;
    },
    { timeoutMs: 1_800_000 },
  );
}

/** A real API server with its store, and no controllers: nothing runs, and nothing is cleared away. */
export interface ApiServer {
  /** Asks as its administrator. */
  ask(method: string, path: string, body?: unknown, contentType?: string): Promise<{ code: number; text: string }>;
  /** A kubeconfig of the user `student`, who may do nothing by himself. */
  kubeconfig: string;
  stop(): Promise<void>;
}

/** Starts etcd, of Debian, and the API server. Its files lie in the folder. */
export async function startApiServer(folder: string): Promise<ApiServer> {
  if (findProgram('etcd') === undefined) await installPackages(['etcd-server'], 'etcd');
  const program = await kubeApiserver();
  const [store, peers, port] = [await freePort(0), await freePort(0), await freePort(0)];
  const at = (name: string) => join(folder, name);
  mkdirSync(at('store'), { recursive: true });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(at('accounts.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(at('tokens.csv'), 'admin-token,admin,1,system:masters\nstudent-token,student,2\n');
  const children: ChildProcess[] = [];
  const start = (name: string, path: string, args: Record<string, string>) => {
    const log = openSync(at(`${name}.log`), 'a');
    children.push(
      spawn(
        path,
        Object.entries(args).map(([key, value]) => `--${key}=${value}`),
        { stdio: ['ignore', log, log] },
      ),
    );
  };
  const stop = async () => {
    for (const child of children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(late);
    }
  };
  const etcd = `http://127.0.0.1:${store}`;
  const peer = `http://127.0.0.1:${peers}`;
  start('etcd', findProgram('etcd') ?? 'etcd', {
    'data-dir': at('store'),
    'listen-client-urls': etcd,
    'advertise-client-urls': etcd,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
  });
  start('kube-apiserver', program, {
    'etcd-servers': etcd,
    'secure-port': String(port),
    'bind-address': '127.0.0.1',
    'cert-dir': at('certificates'),
    'token-auth-file': at('tokens.csv'),
    'authorization-mode': 'RBAC',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': at('accounts.key'),
    'service-account-signing-key-file': at('accounts.key'),
    'service-cluster-ip-range': '10.96.0.0/24',
    'disable-admission-plugins': 'ServiceAccount',
  });
  const kubeconfig = (user: string) => {
    const path = at(`${user}.kubeconfig`);
    const cluster = { server: `https://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true };
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'real', cluster }],
      users: [{ name: user, user: { token: `${user}-token` } }],
      contexts: [{ name: 'real', context: { cluster: 'real', user } }],
      'current-context': 'real',
    };
    writeFileSync(path, JSON.stringify(config));
    return path;
  };
  const ask = await administrator(kubeconfig('admin'), `https://127.0.0.1:${port}`);
  for (const deadline = Date.now() + 120_000; ; await delay(250)) {
    const ready = await ask('GET', '/readyz').catch(() => null);
    if (ready?.code === 200) break;
    if (Date.now() < deadline) continue;
    await stop();
    throw new Error(`the API server does not come up:\n${readFileSync(at('kube-apiserver.log'), 'utf8').slice(-2000)}`);
  }
  return { ask, kubeconfig: kubeconfig('student'), stop };
}

async function administrator(kubeconfig: string, server: string): Promise<ApiServer['ask']> {
  const { createConfiguration, KubeConfig, RequestContext, ServerConfiguration } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { httpApi } = createConfiguration({ baseServer: new ServerConfiguration(server, {}) });
  const Method = z.enum(['GET', 'POST', 'PATCH', 'DELETE']);
  return async (method, path, body, contentType = 'application/json') => {
    const request = new RequestContext(`${server}${path}`, Method.parse(method));
    request.setHeaderParam('Accept', 'application/json');
    if (body !== undefined) {
      request.setHeaderParam('Content-Type', contentType);
      request.setBody(typeof body === 'string' ? body : JSON.stringify(body));
    }
    request.setSignal(AbortSignal.timeout(10_000));
    await config.applySecurityAuthentication(request);
    const response = await httpApi.send(request).toPromise();
    return { code: response.httpStatusCode, text: await response.body.text() };
  };
}

/** Kubeflow's definitions of its kinds, as YAML, from its Go module. */
export async function kubeflowDefinitions(folder: string): Promise<string[]> {
  const { Dir } = await download(kubeflow, folder);
  const files = ['trainjobs', 'clustertrainingruntimes'].map((name) => `trainer.kubeflow.org_${name}.yaml`);
  return files.map((file) => readFileSync(join(Dir, 'manifests', 'base', 'crds', file), 'utf8'));
}
