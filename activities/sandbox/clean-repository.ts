import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageUser, PreparedImage } from '../../schemas/prepared-image.ts';
import { Problem } from '../../schemas/problem.ts';
import type { Task } from '../../schemas/task.ts';
import { quote } from '../../platform/quote.ts';
import { closedGit } from './closed-git.ts';
import { cleaningFacts, type CleaningFacts } from './cleaning-facts.ts';
import { stateFolder } from './container-limits.ts';
import type { JobContainer } from './job-container.ts';
import { keptFolder, keptPath } from './kept-repository.ts';
import { firstPaths, untrackedPatterns } from './untracked-patterns.ts';

const program = (name: string) => readFileSync(join(import.meta.dirname, 'programs', name), 'utf8');
const clean = program('clean.sh');
const baseline = program('baseline.sh');
const prove = program('prove.sh');
const lfsFilter = program('lfs-filter.sh');

/** All that decides what a clean repository is like. */
export const cleaningPrograms = [clean, baseline, prove, closedGit, lfsFilter].join('');

/** A large repository is packed again, which takes this time. */
export const cleaningTimeoutMs = 20 * 60_000;
/** Of names of files, in bytes. */
const listLimit = 32 * 1024 ** 2;
const namedFiles = 200;
const namedPlaces = 50;

export interface CleanedRepository {
  record: Pick<
    PreparedImage,
    'shell' | 'removed' | 'reset_files' | 'excluded_files' | 'other_repositories' | 'removed_copies' | 'large_files'
  >;
  /** For the image's environment: variables that would lead git to other places. */
  variables: [name: string, value: string][];
}

/** The repository in a container: where it lies, and the commit that is to be its only one. */
export interface RepositoryPlace {
  job: JobContainer;
  task: Task;
  workdir: string;
  /** Whose configuration of git counts; root's if there is none. */
  user?: ImageUser | undefined;
}

/**
 * Builds the repository anew in the container that becomes the clean image, and leaves there what taking a patch has to
 * know of it. Throws `Problem` image_without_git, repository_missing, base_commit_missing, base_commit_incomplete,
 * repository_on_volume or image_not_clean.
 */
export async function cleanRepository(place: RepositoryPlace): Promise<CleanedRepository> {
  const { job, task, workdir } = place;
  const { record, variables } = await runCleaning(place);
  const [reset, untracked, copies, other, lfs] = await Promise.all([
    list(place, 'reset'),
    list(place, 'untracked'),
    list(place, 'copies'),
    list(place, 'other'),
    list(place, 'lfs'),
  ]);
  const { patterns, count } = untrackedPatterns(untracked);
  await job.putFiles([[keptPath('exclude'), patterns]]);
  const script = `cat ${keptPath('exclude')} >>${quote(`${workdir}/.git/info/exclude`)} || exit 1\n${baseline}`;
  const { exitCode, stdout, stderr, timedOut } = await job.exec(settings(place) + script, {
    timeoutMs: cleaningTimeoutMs,
    maxBytes: listLimit,
  });
  if (exitCode !== 0) throw notClean(task, timedOut ? 'comparing its files took too long' : stderr.trim().slice(-500));
  if (stdout.length >= listLimit) throw notClean(task, 'too many of its files seem changed from the beginning');
  await job.putFiles([[keptPath('baseline'), stdout]]);
  return {
    record: {
      ...record,
      reset_files: firstPaths(reset, namedFiles),
      excluded_files: count,
      other_repositories: firstPaths(other, namedPlaces),
      removed_copies: firstPaths(copies, namedPlaces),
      ...(lfs.length > 0 && { large_files: largeFiles(lfs.toString('latin1'), stdout) }),
    },
    variables: variables.map((name) => [name, placeOfGit(name, workdir)]),
  };
}

/** `paths` in lines, quoted as in `baseline`, where each file stands that has its content in place of a pointer. */
function largeFiles(paths: string, baseline: string): NonNullable<PreparedImage['large_files']> {
  const all = paths.split('\n').filter((path) => path !== '');
  const filled = new Set(baseline.split('\n').map((line) => line.slice(line.indexOf('\t') + 1)));
  return { count: all.length, pointers: all.filter((path) => !filled.has(path)).length };
}

async function runCleaning(place: RepositoryPlace): Promise<CleaningFacts> {
  const { job, task, workdir } = place;
  const { exitCode, stdout, stderr, timedOut } = await job.exec(settings(place) + clean, { timeoutMs: cleaningTimeoutMs });
  const at = `${task.instance_id}: image ${task.image_name}`;
  const said = stdout.trim().split('\n').at(-1) ?? '';
  if (exitCode === 10) {
    throw new Problem('image_without_git', `${at} has no git`, {
      hint: 'install git in the image; Tracemill needs it and a POSIX shell, nothing else',
    });
  }
  if (exitCode === 11) {
    throw new Problem('repository_missing', `${at} has no git repository with files at ${workdir}: ${said}`, {
      hint: 'set `workdir` of the task to where the work tree of its repository begins',
    });
  }
  if (exitCode === 12) {
    throw new Problem('base_commit_missing', `${at} has no commit ${task.base_commit} in ${workdir}`, {
      hint: 'the image belongs to another task or another commit',
    });
  }
  if (exitCode === 13) {
    throw new Problem('base_commit_incomplete', `${at} has commit ${task.base_commit} in ${workdir}, but not all of its files: ${said}`, {
      hint: 'it was cloned with a filter and a sparse checkout, or is damaged; build the image with `git sparse-checkout disable`, or with a full clone',
    });
  }
  if (exitCode === 14) {
    throw new Problem('repository_on_volume', `${at} has its repository at ${workdir} on a volume: ${said}`, {
      hint: 'what changes on a volume never becomes part of an image; build the image without that VOLUME',
    });
  }
  const facts = exitCode === 0 ? cleaningFacts(stdout) : undefined;
  if (facts === undefined) {
    const reason = timedOut
      ? `cleaning took more than ${cleaningTimeoutMs / 60_000} minutes`
      : stderr.trim().slice(-500) || `cleaning ended with ${exitCode}`;
    throw notClean(task, reason);
  }
  return facts;
}

/** Proves in a fresh container of the clean image that the repository holds the base commit alone. Throws `Problem` image_not_clean. */
export async function proveRepository(place: RepositoryPlace): Promise<void> {
  const { stdout, stderr, timedOut } = await place.job.exec(settings(place) + prove, { timeoutMs: cleaningTimeoutMs, maxBytes: 64 * 1024 });
  if (stdout === 'proven\n') return;
  throw notClean(place.task, timedOut ? 'the proof took too long' : (stdout + stderr).trim().slice(0, 1000));
}

function settings({ task, workdir, user }: RepositoryPlace): string {
  const values = {
    uid: String(user?.uid ?? 0),
    workdir,
    commit: task.base_commit,
    lists: stateFolder,
    kept: keptFolder,
    closed_git: closedGit,
    lfs_filter: lfsFilter,
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${quote(value)}\n`)
    .join('');
}

/** Throws `Problem` image_not_clean rather than leave names out. */
async function list({ job, task }: RepositoryPlace, name: string): Promise<Buffer> {
  const file = await job.readFile(`${stateFolder}/${name}`, { maxBytes: listLimit });
  if (file?.truncated === true) throw notClean(task, `its list of ${name} files exceeds ${listLimit / 1024 ** 2} MiB`);
  return file?.content ?? Buffer.alloc(0);
}

/** Where a variable of git should lead, if anywhere. */
function placeOfGit(name: string, workdir: string): string {
  const git = `${workdir === '/' ? '' : workdir}/.git`;
  const places: Record<string, string> = {
    GIT_DIR: git,
    GIT_COMMON_DIR: git,
    GIT_WORK_TREE: workdir,
    GIT_INDEX_FILE: `${git}/index`,
    GIT_OBJECT_DIRECTORY: `${git}/objects`,
  };
  return places[name] ?? '';
}

export function notClean(task: Task, reason: string): Problem {
  return new Problem('image_not_clean', `${task.instance_id}: image ${task.image_name} could not be cleaned: ${reason}`, {
    hint: 'the task is left out, for its history could give the fix away; fix the image and start the campaign again',
  });
}
