import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { CommitHash, datasetLanguages, type Language } from '../../schemas/names.ts';
import { messageOf, Problem } from '../../schemas/problem.ts';
import type { Task } from '../../schemas/task.ts';
import { isTestPath } from '../patches/test-paths.ts';

const run = promisify(execFile);

export interface TaskInitOptions {
  /** Folder of a git repository, or anything that `git -C` takes. */
  repository: string;
  /** State before the change, and with it; anything that names a commit. */
  base: string;
  head: string;
  /** `owner/name`; by default from the remote `origin`, else `local/<folder>`. */
  repo?: string | undefined;
  /** By default the one that most changed source files are written in. */
  language?: Language | undefined;
  image: string;
  testCommands: string[];
  logParser: string;
  problemStatement?: string | undefined;
  license?: string | undefined;
  workdir?: string | undefined;
}

/**
 * A task out of two commits: what changes under the tests becomes the test patch, the rest the gold patch, the
 * messages of the commits the problem statement unless one is given. The expected tests are left empty: they are
 * found by running. Throws `Problem` bad_commits where there is nothing to make a task of.
 */
export async function taskInit(options: TaskInitOptions): Promise<Task> {
  const git = gitIn(options.repository);
  const [base, head] = [await commitOf(git, options.base), await commitOf(git, options.head)];
  const paths = (await git('diff', '--name-only', '--no-renames', '-z', base, head)).split('\0').filter((path) => path !== '');
  const language = options.language ?? languageOf(paths);
  if (language === undefined) {
    throw new Problem('bad_commits', `no file between ${base} and ${head} is written in one of ${datasetLanguages.join(', ')}`, {
      hint: 'give the language',
    });
  }
  const diff = async (part: string[]) =>
    part.length === 0
      ? ''
      : git('diff', '--binary', '--no-renames', '--no-ext-diff', base, head, '--', ...part.map((path) => `:(literal)${path}`));
  const patch = await diff(paths.filter((path) => !isTestPath(language, path)));
  const testPatch = await diff(paths.filter((path) => isTestPath(language, path)));
  if (patch === '')
    throw new Problem('bad_commits', `${base} and ${head} differ in tests only`, { hint: 'a task needs a change of the source' });
  if (testPatch === '')
    throw new Problem('bad_commits', `no test changes between ${base} and ${head}`, { hint: 'a task needs tests that show the change' });
  const repo = options.repo ?? (await repoOf(git, options.repository));
  const statement = options.problemStatement ?? (await git('log', '--reverse', '--format=%B', `${base}..${head}`)).trim();
  return {
    instance_id: `${repo.replace('/', '__')}-${head.slice(0, 10)}`.toLowerCase(),
    repo,
    language,
    base_commit: base,
    patch,
    test_patch: testPatch,
    problem_statement: statement,
    FAIL_TO_PASS: [],
    PASS_TO_PASS: [],
    image_name: options.image,
    install_config: { test_cmd: options.testCommands, log_parser: options.logParser },
    ...(options.license !== undefined && { license: options.license }),
    ...(options.workdir !== undefined && { workdir: options.workdir }),
  };
}

type Git = (...args: string[]) => Promise<string>;

function gitIn(repository: string): Git {
  return async (...args) => {
    try {
      const { stdout } = await run('git', ['-C', repository, '-c', 'core.quotePath=true', ...args], { maxBuffer: 256 * 1024 * 1024 });
      return stdout;
    } catch (error) {
      throw new Problem('bad_commits', `git ${args[0] ?? ''} in ${repository}: ${messageOf(error).trim()}`, { cause: error });
    }
  };
}

async function commitOf(git: Git, revision: string): Promise<string> {
  return CommitHash.parse((await git('rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`)).trim());
}

const endings: [Language, RegExp][] = [
  ['python', /\.pyx?$/],
  ['go', /\.go$/],
  ['ts', /\.[cm]?tsx?$/],
  ['js', /\.[cm]?jsx?$/],
  ['rust', /\.rs$/],
  ['java', /\.(java|kt)$/],
  ['php', /\.php$/],
  ['cpp', /\.(cc|cpp|cxx|hh|hpp|hxx)$/],
  ['c', /\.[ch]$/],
];

function languageOf(paths: string[]): Language | undefined {
  const counts = endings.map(([language, ending]) => ({ language, count: paths.filter((path) => ending.test(path)).length }));
  return counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count)[0]?.language;
}

async function repoOf(git: Git, repository: string): Promise<string> {
  const origin = await git('remote', 'get-url', 'origin').catch(() => '');
  const named = /([^/:\s]+)\/([^/\s]+?)(\.git)?\s*$/.exec(origin);
  if (named?.[1] !== undefined && named[2] !== undefined) return `${named[1]}/${named[2]}`;
  const folder = (await git('rev-parse', '--show-toplevel').catch(() => repository)).trim().split('/').at(-1);
  return `local/${folder ?? 'repository'}`;
}
