// Plain JavaScript for Node 20: this runs before there is a Node that reads TypeScript.
// Brings node_modules to the state of the lockfile and prints the path of the Node to go on with.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const ownNode = `node_modules/node-${process.platform}-${process.arch}`;

main();

/** With `--check` it only reports: exit code 1 and the names where packages are missing. */
function main() {
  const missing = missingPackages();
  if (process.argv.includes('--check')) {
    process.stdout.write(missing.map((path) => `${path.replace(/^node_modules\//, '')}\n`).join(''));
    process.exitCode = missing.length > 0 ? 1 : 0;
    return;
  }
  if (missing.length > 0) {
    const started = Date.now();
    install();
    progress('packages', 'npm ci', started);
  }
  process.stdout.write(`${suitableNode()}\n`);
}

/**
 * Packages of the lockfile that are absent or of another version, by npm's own record of what it installed:
 * true after any npm command, and a few milliseconds where `npm ls` takes seconds. An optional package may be
 * absent, because it is mostly one for another machine; this machine's Node may not.
 */
function missingPackages() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  return Object.keys(wanted).filter((path) => {
    if (path === '') return false;
    const found = installed[path];
    if (found === undefined) return !wanted[path].optional || path === ownNode;
    return found.version !== wanted[path].version || found.integrity !== wanted[path].integrity;
  });
}

function readPackages(file) {
  const path = join(root, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).packages : {};
}

function install() {
  const { status, stdout, stderr, error } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  if (status === 0) return;
  const reason = error ? error.message : `${stdout}${stderr}`.trim().split('\n').slice(-12).join('\n');
  fail(`npm ci failed:\n${reason}`, 'check that npm reaches its registry and that the disk has 1 GB free, then run the same command again');
}

/** The Node that the lockfile brings, else the one this runs on if it is new enough. */
function suitableNode() {
  const own = join(root, ownNode, 'bin', 'node');
  for (const node of [own, process.execPath]) {
    if (existsSync(node) && isSuitable(node)) return node;
  }
  return fail(
    `Node ${process.versions.node} cannot run Tracemill, and no package brings a newer one for ${process.platform}-${process.arch}`,
    'install Node 24 and put it first on PATH',
  );
}

function isSuitable(node) {
  try {
    const [major, minor] = execFileSync(node, ['--version'], { encoding: 'utf8' }).slice(1).split('.').map(Number);
    return major > 22 || (major === 22 && minor >= 19);
  } catch {
    return false;
  }
}

function progress(step, detail, started) {
  process.stderr.write(`${step.padEnd(12)}${detail} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`);
}

function fail(message, hint) {
  process.stderr.write(`tracemill: ${message}\n  → ${hint}\n`);
  process.exit(4);
}
