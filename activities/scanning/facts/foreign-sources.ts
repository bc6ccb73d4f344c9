import type { Command } from '../extraction/command.ts';
import type { Address } from './addresses.ts';
import type { FileAccess } from './file-access.ts';
import { hiddenName } from './hidden-names.ts';
import { otherHistory } from './other-histories.ts';
import type { Surroundings } from './surroundings.ts';

/** What shows terminals, clipboards and histories of whoever worked there, by its words. */
const screens = new Map<string, RegExp>([
  ['tmux', /\b(?:capturep?(?:-pane)?|showb|show-buffer|saveb|save-buffer|lsb|list-buffers|attach(?:-session)?)(?=\s|$)/],
  ['screen', /\bhardcopy\b|(?:^|\s)-[rx]\b/],
  ['zellij', /\bdump-screen\b|\battach\b/],
  ['xclip', /(?:^|\s)-o(?:ut)?\b/],
  ['xsel', /^(?!.*(?:-i|--input|-a|--append|-c|--clear)\b)/],
  ['pbpaste', /^/],
  ['wl-paste', /^/],
  ['copyq', /\b(?:read|clipboard|selection)\b/],
  ['reptyr', /\d/],
  ['atuin', /^(?:history|search)\b/],
  ['mcfly', /^search\b/],
  ['hstr', /^/],
  ['sudoreplay', /^/],
  ['scriptreplay', /^/],
  ['asciinema', /^(?:play|cat)\b/],
  ['clipman', /^/],
  ['ipython', /%(?:history|hist|recall)\b[^;\n]*-g|%recall\b/],
  ['fish', /-i?c\s+["']?history\b(?!\s+(?:append|clear|delete|merge|save))/],
  ['nu', /-c\s+["']?history\b/],
  ['vim', /^(?:-\S+\s+)*-r(?:\s|$)|\boldfiles\b|:recover\b/],
  ['vi', /^(?:-\S+\s+)*-r(?:\s|$)/],
  ['nvim', /^(?:-\S+\s+)*-r(?:\s|$)|\boldfiles\b|:recover\b/],
  ['emacs', /recover-(?:file|session|this-file)/],
]);
const ownScreen =
  /\b(?:tmux (?:\S+ )*new(?:-session|-window)?\b|new-session|new-window|split-window|screen (?:-\S+ )*-\w*[dD]?m|send-keys|-X stuff|set-buffer|load-buffer|pbcopy|wl-copy|zellij (?:-s|run)|asciinema rec|script -)/;
const clipboardFilled = /\|\s*(?:xclip|xsel)\b|\b(?:xclip|xsel) (?:-\S+ )*-i\b/;

/** What shows the state of services, containers, databases and stores, by the words that show rather than make. */
const services = new Map<string, RegExp>([
  ['journalctl', /^(?!.*--(?:vacuum|rotate|version))/],
  ['kubectl', /^(?:-\S+ )*(?:logs|exec|get|describe|cp)\b/],
  ['supervisorctl', /\b(?:tail|fg)\b/],
  ['pm2', /^(?:logs?|show|describe|env)\b/],
  ['nomad', /\b(?:logs|fs|exec)\b/],
  ['crictl', /^(?:logs|exec|inspect)\b/],
  ['aws', /^(?:-\S+ )*s3(?:api)? /],
  ['gsutil', /^(?:-\S+ )*(?:cat|cp|ls|rsync)\b/],
  ['gcloud', /\bstorage\b/],
  ['az', /\bstorage\b/],
  ['mc', /^(?:cat|cp|ls|find|mirror|head|get)\b/],
  ['rclone', /^(?:cat|copy|ls\w*|sync|mount)\b/],
  ['s3cmd', /^(?:get|ls|sync)\b/],
  ['etcdctl', /\bget\b/],
  ['consul', /\bkv get\b/],
  ['vault', /\b(?:kv get|read)\b/],
]);
for (const engine of ['docker', 'podman', 'nerdctl']) services.set(engine, /\b(?:logs|exec|inspect|cp|diff|export|attach)\b/);
for (const database of [
  'psql',
  'mysql',
  'mariadb',
  'redis-cli',
  'valkey-cli',
  'mongosh',
  'mongo',
  'sqlite3',
  'duckdb',
  'clickhouse-client',
  'cqlsh',
  'influx',
])
  services.set(database, /^/);

/** Stores of backups, by the words that show what they hold. */
const backups = new Map<string, RegExp>([
  ['borg', /\b(?:extract|list|mount|diff|export-tar)\b/],
  ['restic', /\b(?:dump|ls|restore|mount|find|diff)\b/],
  ['kopia', /\b(?:show|restore|ls|list|mount|diff)\b/],
  ['bup', /\b(?:cat-file|ls|restore|ftp|join|fuse)\b/],
  ['duplicity', /\b(?:restore|list-current-files)\b/],
  ['rdiff-backup', /\b(?:restore|list|-r|-l)\b/],
  ['snapper', /\b(?:diff|status|list|undochange)\b/],
  ['timeshift', /--(?:list|restore)\b/],
  ['btrfs', /\b(?:send|restore)\b/],
  ['zfs', /\b(?:diff|send|clone)\b/],
]);
const ownBackup =
  /\b(?:borg|restic|kopia|bup|duplicity|rdiff-backup|snapper|btrfs|zfs)(?: -\S+(?: \/\S+)?)* (?:init|r?create|backup|save|snapshot|subvolume snapshot|repository create|full|incr)\b/;

const devices = /(?:^|[\s=])(\/dev\/(?:sd|vd|xvd|hd|nvme|dm-|mapper\/|disk\/|mmcblk|loop\d)[\w/-]*)/;
const deviceTools =
  /^(?:mount|debugfs|photorec|testdisk|extundelete|ext4magic|foremost|scalpel|icat|fls|e2image|dumpe2fs|xfs_db|btrfs|losetup|guestmount|kpartx)$/;
const sockets = /(?:--unix-socket[= ]|UNIX(?:-CONNECT|-CLIENT)?:|(?:^|\s)-\w*U\w*\s+)(\/[^\s,]+)/;

/** What the agent itself set going: a program in the background, a server, a container, a database, data of its own. */
const started =
  /(?<![&>|])&(?![&>\d])\s*(?:$|\n|[\w"'$({#])|\b(?:nohup|setsid|daemon(?:ize)?|http\.server|runserver|serve[rd]?|uvicorn|gunicorn|hypercorn|flask run|redis-server|createdb|initdb|pg_ctl|mongod|mysqld|minio server)\b|\b(?:service|systemctl|pm2|supervisorctl|docker|podman|nerdctl|kubectl|brew services)\b[^\n;|&]*\b(?:re)?(?:start|run|up|create|build|apply|load|import)\b|\b(?:create|insert|drop)\s+(?:table|database|into)\b|\b(?:npm|yarn|pnpm|bun)\s+(?:run\s+)?(?:start|dev)\b|is_background|HTTPServer|createServer|ListenAndServe|httptest|test_?client|\bapp\.(?:run|listen)\b|threading|Popen/i;

/** Lines of a change, or the fields of a task, in what a source gave. */
const revealing =
  /^(?:diff --git |\+\+\+ b\/|@@ -\d)|"?\b(?:gold|test|model)_patch\b|FAIL_TO_PASS|PASS_TO_PASS|\b(?:gold(?:en)?|reference|hidden)[ _-](?:patch|diff|solution|tests?)\b/im;
const makesDiffs = /\b(?:git|hg|diff|patch)\b/;

/**
 * A place that is no file: a terminal, a clipboard, a disk, a service, a container, a database, a store of objects. What
 * the agent opened or started itself is its own; a service counts by its name, by what the agent is after, or by
 * what it gave.
 */
export function foreignSource(
  program: string,
  { argv, text }: Command,
  addresses: readonly Address[],
  surroundings: Surroundings,
): FileAccess | undefined {
  const screen = screens.get(program);
  if (screen !== undefined) {
    // A program that the project itself is, or that was built in the tree, is tried out.
    if (isTriedOut(program, argv[0] ?? '', surroundings)) return undefined;
    if (!screen.test(argv.slice(1).join(' ')) || surroundings.everCalled(ownScreen) || surroundings.everCalled(clipboardFilled))
      return undefined;
    return { path: text, kind: 'left_behind' };
  }
  if (backups.get(program)?.test(argv.slice(1).join(' ')) === true) {
    if (!isTriedOut(program, argv[0] ?? '', surroundings) && !surroundings.everCalled(ownBackup))
      return { path: text, kind: 'left_behind' };
  }
  if (deviceTools.test(program)) {
    const device = devices.exec(argv.join(' '))?.[1];
    if (device !== undefined) return { path: device, kind: 'elsewhere' };
  }
  const service = services.get(program);
  if (service !== undefined) {
    if (isTriedOut(program, argv[0] ?? '', surroundings)) return undefined;
    const words = argv.slice(1).join(' ');
    return service.test(words) && !surroundings.prompt.includes(program) && isTelling(words, surroundings)
      ? { path: text, kind: 'elsewhere' }
      : undefined;
  }
  const history = otherHistory(program, argv, surroundings);
  if (history !== undefined) return history;
  if (addresses.length > 0) {
    const local = addresses.find(({ text: asked, kind }) => isNearby(asked, kind));
    if (
      local !== undefined &&
      !codeHostProduct.test(surroundings.project.repo ?? '') &&
      !surroundings.prompt.includes(hostOf(local.text)) &&
      isTelling(local.text, surroundings, /\.(?:patch|diff)\b/.test(local.text))
    )
      return { path: local.text, kind: 'elsewhere' };
  }
  if (program === 'curl' || program === 'socat' || program === 'nc' || program === 'ncat') {
    const socket = sockets.exec(argv.join(' '))?.[1];
    if (socket === undefined || surroundings.isMade(socket) || socket.includes('docker')) return undefined;
    if (isTelling(socket, surroundings) || /agent|harness|runner|task/.test(socket)) return { path: socket, kind: 'elsewhere' };
  }
  return undefined;
}

/** Programs beside those of other readers that may show such a place. */
export function mayAskSource(program: string): boolean {
  return (
    screens.has(program) ||
    services.has(program) ||
    backups.has(program) ||
    deviceTools.test(program) ||
    /^(?:socat|nc|ncat|hg|chg|sl|jj|bzr|brz|fossil)$/.test(program)
  );
}

function isTriedOut(program: string, word: string, { project }: Surroundings): boolean {
  if (word.includes('/') && !/^\/(?:usr|bin|opt)\//.test(word)) return true;
  return (
    project.repo !== undefined &&
    project.repo
      .toLowerCase()
      .split(/[/._-]/)
      .includes(program.replace(/-cli$/, ''))
  );
}

/** Projects that serve changes by their nature. */
const codeHostProduct = /gitea|forgejo|gogs|gitlab|gerrit|gitbucket|onedev|pagure|radicle|soft-serve|sourcehut|reviewboard|phabricator/;

/** A host that only this machine, or the network that the container is in, has. */
function isNearby(address: string, kind: Address['kind']): boolean {
  if (kind === 'local') return true;
  const host = hostOf(address).replace(/:\d+$/, '');
  return (
    (kind === 'other' && (!host.includes('.') || /\.(?:internal|local|svc|lan)$/.test(host))) ||
    /^(?:10|172\.(?:1[6-9]|2\d|3[01])|192\.168)\./.test(host)
  );
}

function hostOf(address: string): string {
  return address
    .replace(/^[a-z+]+:\/\//i, '')
    .replace(/[/?#].*$/s, '')
    .toLowerCase();
}

function isTelling(words: string, surroundings: Surroundings, isNamed = false): boolean {
  const named = isNamed || hiddenName(words.replace(/(?:^|\s)--?eval\b/g, ' '), false, surroundings.project) !== undefined;
  if (!named && !surroundings.seeking.answers && (makesDiffs.test(words) || !revealing.test(surroundings.observation.slice(0, 20_000))))
    return false;
  return !surroundings.everCalled(started);
}
