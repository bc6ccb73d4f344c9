import { datasetLanguages, type Language } from '../../../schemas/names.ts';
import { Problem } from '../../../schemas/problem.ts';
import type { Task } from '../../../schemas/task.ts';
import { isTestPath } from '../../patches/test-paths.ts';
import { type LaterBuildFiles, laterBuildFiles } from './build-files.ts';
import { commitOf, type Git, gitIn } from './git.ts';
import { licenceOf } from './licence-of.ts';
import { packageFacts } from './package-facts.ts';
import { repositoryName } from './repository-name.ts';
import { findTooling } from './toolings/find-tooling.ts';
import type { Tooling } from './toolings/tooling.ts';
import { treeOf } from './tree.ts';

export interface TaskInitOptions {
  /** Folder of a git repository, or anything that `git -C` takes. */
  repository: string;
  /** State before the change, and with it; anything that names a commit. Without `base` the first parent of `head`. */
  base?: string | undefined;
  head: string;
  /** `owner/name`; by default as remote and package files name it. */
  repo?: string | undefined;
  /** By default the one that most changed source files are written in. */
  language?: Language | undefined;
  /** Left out where the image is still to be made. */
  image?: string | undefined;
  /** By default as the repository's files show, and so is `logParser`. */
  testCommands?: string[] | undefined;
  logParser?: string | undefined;
  problemStatement?: string | undefined;
  license?: string | undefined;
  workdir?: string | undefined;
  /** Paths or folders whose changes are no part of the task. */
  leaveOut?: readonly string[] | undefined;
  /** The commits are releases: their messages say nothing, what the change adds to change logs does. */
  releases?: boolean | undefined;
  /** Ends the instance id, in place of the beginning of `head`. */
  ending?: string | undefined;
}

/** A task that lacks its expected tests, and maybe its image, with how it was read. */
export interface TaskDraft {
  task: Task;
  /** How the repository is built and tested; undefined where its files do not show it. */
  tooling: Tooling | undefined;
  /** What the change does to the build files, and how its own files show that it is built; undefined where it leaves them alone. */
  later: { files: LaterBuildFiles; tooling: Tooling | undefined } | undefined;
}

/**
 * A task out of two commits: what changes under the tests becomes the test patch, the rest the gold patch, the
 * messages of the commits the problem statement unless one is given. The expected tests are left empty: they are
 * found by running. Throws `Problem` bad_commits where there is nothing to make a task of, no_test_command where the
 * repository does not show how it is tested, and no_statement where nothing says what is wrong.
 */
export async function taskInit(options: TaskInitOptions): Promise<TaskDraft> {
  const git = gitIn(options.repository);
  const head = await commitOf(git, options.head);
  const base = await baseOf(git, head, options.base);
  const left = (options.leaveOut ?? []).map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''));
  const paths = (await git('diff', '--name-only', '--no-renames', '-z', base, head))
    .split('\0')
    .filter((path) => path !== '' && !left.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)));
  const language = options.language ?? languageOf(paths);
  if (language === undefined) {
    throw new Problem('bad_commits', `no file between ${base} and ${head} is written in one of ${datasetLanguages.join(', ')}`, {
      hint: 'give the language',
    });
  }
  const { patch, testPatch } = await patchesOf(git, [base, head], paths, language);
  const tree = await treeOf(git, base);
  const [facts, tooling] = [await packageFacts(tree), await findTooling(tree, language)];
  const repo = options.repo ?? (await repositoryName(git, facts, await folderName(git, options.repository)));
  const license = options.license ?? (await licenceOf(tree, facts.licence));
  const { testCommands, logParser } = howTested(options, tooling, language);
  const statement =
    options.problemStatement ?? (options.releases === true ? await changeNotes(git, base, head, paths) : await messages(git, base, head));
  if (statement.trim() === '') {
    throw new Problem('no_statement', `nothing between ${base} and ${head} says what is wrong`, {
      hint: 'write it down as an issue would, and give the file: --statement FILE',
    });
  }
  const task = {
    instance_id: `${repo.replace('/', '__')}-${options.ending ?? head.slice(0, 10)}`.toLowerCase(),
    repo,
    language,
    base_commit: base,
    patch,
    test_patch: testPatch,
    problem_statement: statement.trim(),
    FAIL_TO_PASS: [],
    PASS_TO_PASS: [],
    image_name: options.image ?? '',
    install_config: { test_cmd: testCommands, log_parser: logParser },
    ...(license !== undefined && { license }),
    ...(options.workdir !== undefined && { workdir: options.workdir }),
  };
  const files = await laterBuildFiles(options.repository, base, head);
  const later = files && { files, tooling: await findTooling(await treeOf(git, head), language) };
  return { task, tooling, later };
}

async function baseOf(git: Git, head: string, base: string | undefined): Promise<string> {
  if (base !== undefined) return await commitOf(git, base);
  const [, parent] = (await git('rev-list', '--parents', '-n', '1', head)).trim().split(' ');
  if (parent !== undefined) return parent;
  throw new Problem('bad_commits', `${head} has no parent: there is no state before the change`, {
    hint: 'name another commit, or both states with --base and --head',
  });
}

async function patchesOf(
  git: Git,
  commits: [string, string],
  paths: string[],
  language: Language,
): Promise<{ patch: string; testPatch: string }> {
  const diff = async (part: string[]) =>
    part.length === 0
      ? ''
      : git('diff', '--binary', '--no-renames', '--no-ext-diff', ...commits, '--', ...part.map((path) => `:(top,literal)${path}`));
  const patch = await diff(paths.filter((path) => !isTestPath(language, path)));
  const testPatch = await diff(paths.filter((path) => isTestPath(language, path)));
  const [base, head] = commits;
  if (patch === '')
    throw new Problem('bad_commits', `${base} and ${head} differ in tests only`, { hint: 'a task needs a change of the source' });
  if (testPatch === '')
    throw new Problem('bad_commits', `no test changes between ${base} and ${head}`, { hint: 'a task needs tests that show the change' });
  return { patch, testPatch };
}

function howTested(
  { testCommands, logParser }: TaskInitOptions,
  tooling: Tooling | undefined,
  language: Language,
): { testCommands: string[]; logParser: string } {
  const commands = testCommands ?? tooling?.test ?? [];
  // A parser belongs to the commands that it was found with.
  const parser = logParser ?? tooling?.parser;
  if (commands.length > 0 && parser !== undefined) return { testCommands: commands, logParser: parser };
  const seen = tooling === undefined ? `there are no build files of ${language} at its top` : tooling.from;
  const lacking = commands.length === 0 ? 'how the tests are run' : `which log parser reads the tests of ${commands.join(' && ')}`;
  throw new Problem('no_test_command', `the repository does not show ${lacking}: ${seen}`, {
    hint: 'give --test COMMAND and --parser NAME; tracemill parse-log --list shows the parsers, docs/parsers.md their tools',
  });
}

/** Messages of the commits of a change, oldest first. */
async function messages(git: Git, base: string, head: string): Promise<string> {
  return await git('log', '--reverse', '--format=%B', `${base}..${head}`);
}

const changeLogs = /^(?:docs?\/)?(?:changes|changelog|history|news|releases?|release[-_]notes)(?:\.(?:md|rst|txt|adoc))?$/i;

/** Lines that a change adds to the change logs, as they stand there. */
async function changeNotes(git: Git, base: string, head: string, paths: string[]): Promise<string> {
  const logs = paths.filter((path) => changeLogs.test(path));
  if (logs.length === 0) return '';
  const diff = await git('diff', '--no-renames', '--no-ext-diff', '-U0', base, head, '--', ...logs.map((path) => `:(top,literal)${path}`));
  const added = diff.split('\n').filter((line) => line.startsWith('+') && !line.startsWith('+++ '));
  return added.map((line) => line.slice(1)).join('\n');
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

async function folderName(git: Git, repository: string): Promise<string | undefined> {
  const top = await git('rev-parse', '--show-toplevel').catch(() => repository);
  return top
    .trim()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
    .at(-1);
}
