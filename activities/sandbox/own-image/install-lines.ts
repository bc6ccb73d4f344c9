import { quote } from '../../../platform/quote.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { JobContainer } from '../job-container.ts';
import { networkSettings } from './network-settings.ts';

/** What a change makes of the build files of its base. Paths are from the top of the repository. */
export interface LaterInstall {
  /** Path → content. */
  written: readonly (readonly [string, Buffer])[];
  removed: readonly string[];
  /** Shell lines, as those of the base. */
  install: readonly string[];
}

interface InstallOptions {
  install: readonly string[];
  later: LaterInstall | undefined;
  workdir: string;
  instanceId: string;
  /** Of each of the two installations, in milliseconds. */
  timeoutMs: number;
  tell: (line: string) => void;
}

const scratch = '/tmp/tracemill-install';
const keptBytes = 256 * 1024;

/**
 * Runs the install lines at the top of the repository. Where the change has other build files, theirs run first, in a copy of
 * the repository that has those files and nothing else of the change, and that goes away: what they bring lies where a package
 * tool keeps what it fetched, so that the tests find it once the patch is applied, and what the base wants wins. What fails of
 * them is told, and is for the gate to judge. Throws `Problem` image_install_failed with the end of the output where the lines
 * of the base fail.
 */
export async function installLines(job: JobContainer, options: InstallOptions): Promise<void> {
  const { install, later, workdir, instanceId, timeoutMs, tell } = options;
  if (install.length === 0 && later === undefined) return;
  const { files, variables } = networkSettings(scratch);
  await job.putFiles([[`${scratch}/line`, ''], ...files]);
  const shell = { variables, timeoutMs };
  const copy = `${scratch}/later/${workdir.split('/').at(-1) ?? ''}`;
  if (later !== undefined) {
    await makeCopy(job, { later, workdir, copy, instanceId });
    const names = [...later.written.map(([path]) => path), ...later.removed].sort();
    tell(`installing for the change as well: ${names.slice(0, 4).join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}`);
    const failed = await runLines(job, { ...shell, lines: later.install, folder: copy });
    if (failed !== undefined) tell(`for the change, the install line ${failed}\ngoing on: the gate says whether the tests lack it`);
  }
  tell(`installing: ${install.length} ${install.length === 1 ? 'line' : 'lines'}`);
  const failed = await runLines(job, { ...shell, lines: install, folder: workdir });
  if (failed !== undefined) {
    throw new Problem('image_install_failed', `${instanceId}: the install line ${failed}`, {
      hint: 'give install lines of your own with --install, another base image with --from, or a Dockerfile with --dockerfile',
    });
  }
  const added = later === undefined ? '' : addModules(copy, workdir);
  const cleared = await job.exec(`${added}rm -rf ${scratch}`, { timeoutMs: 300_000 });
  if (cleared.exitCode !== 0)
    throw new Problem('image_build_failed', `${instanceId}: ${scratch} cannot be removed: ${cleared.stderr.trim()}`);
}

async function makeCopy(
  job: JobContainer,
  { later, workdir, copy, instanceId }: { later: LaterInstall; workdir: string; copy: string; instanceId: string },
): Promise<void> {
  const gone = later.removed.map((path) => ` && rm -f ${quote(`${copy}/${path}`)}`).join('');
  // With the history of the base: some packages take their version from it.
  const script = `mkdir -p ${quote(copy)} && cp -a ${quote(workdir)}/. ${quote(copy)}/${gone}`;
  const made = await job.exec(script, { timeoutMs: 300_000 });
  if (made.exitCode !== 0)
    throw new Problem('image_build_failed', `${instanceId}: ${workdir} cannot be copied in the image: ${made.stderr.trim()}`);
  await job.putFiles(later.written.map(([path, content]) => [`${copy}/${path}`, content] as const));
}

/** Gives what failed: the line, how it ended, and the end of the output. */
async function runLines(
  job: JobContainer,
  options: { lines: readonly string[]; folder: string; variables: Record<string, string>; timeoutMs: number },
): Promise<string | undefined> {
  const { lines, folder, variables, timeoutMs } = options;
  if (lines.length === 0) return undefined;
  const settings = Object.entries(variables).map(([key, value]) => `export ${key}=${quote(value)}`);
  // Of one shell, so that a variable of one line is there in the next.
  const steps = lines.map((line, at) => `printf ${at} >${scratch}/line; eval ${quote(line)} || exit`);
  const script = [...settings, `cd ${quote(folder)} || exit`, `( ${steps.join('\n')}\n) 2>&1 </dev/null`].join('\n');
  const ran = await job.exec(script, { timeoutMs, maxBytes: keptBytes, environment: 'image' });
  if (ran.exitCode === 0 && !ran.timedOut) return undefined;
  const at = await job.readFile(`${scratch}/line`, { maxBytes: 16 });
  const line = lines[Number(at?.content.toString() ?? '0')] ?? '';
  const end = ran.timedOut ? `was ended after ${Math.round(timeoutMs / 1000)} seconds` : `ended with ${ran.exitCode}`;
  return `\`${line}\` ${end}:\n${tail(ran.stdout)}`;
}

/** npm keeps what it fetched in the repository itself: packages that the change alone wants are put beside those of the base. */
function addModules(copy: string, workdir: string): string {
  return `if [ -d ${quote(`${copy}/node_modules`)} ]; then
  mkdir -p ${quote(`${workdir}/node_modules/.bin`)}; cd ${quote(`${copy}/node_modules`)} || exit
  for name in * @*/* .bin/*; do
    case $name in @*/*) ;; @*) continue;; esac
    if [ -e "$name" ] && [ ! -e ${quote(workdir)}/node_modules/"$name" ]; then
      mkdir -p ${quote(workdir)}/node_modules/"$(dirname "$name")" && cp -a "$name" ${quote(workdir)}/node_modules/"$name" || exit
    fi
  done
fi
cd / && `;
}

function tail(output: string): string {
  return output.trim().split('\n').slice(-25).join('\n').slice(-4000);
}
