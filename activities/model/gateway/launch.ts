import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface Launch {
  home: string;
  idleSeconds: number;
  environment: NodeJS.ProcessEnv;
}

/** What a gateway needs of its environment; keys come over the socket and are in no process's environment but the worker's. */
const passedOn = [
  'PATH',
  'HOME',
  'TZ',
  'LANG',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'TRACEMILL_LOG_LEVEL',
];

const longestLog = 16 * 1024 * 1024;

/** Starts a gateway in a session of its own: neither a signal to the worker nor one to its process group reaches it. */
export function launchGateway({ home, idleSeconds, environment }: Launch): void {
  mkdirSync(join(home, 'logs'), { recursive: true });
  const logFile = join(home, 'logs', 'gateway.log');
  if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > longestLog) renameSync(logFile, `${logFile}.1`);
  const log = openSync(logFile, 'a', 0o600);
  const entry = join(import.meta.dirname, `process${extname(import.meta.filename)}`);
  const inherited = Object.entries(environment).filter(([name]) => passedOn.includes(name));
  const env = { ...Object.fromEntries(inherited), TRACEMILL_HOME: home };
  const child = spawn(process.execPath, [entry, String(idleSeconds)], { detached: true, stdio: ['ignore', log, log], cwd: '/', env });
  // The process that launched it notices that nothing answers and says so.
  child.once('error', () => undefined);
  child.unref();
  closeSync(log);
}
