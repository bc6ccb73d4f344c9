import type { ShellSession } from './shell-session.ts';

/** Folders in which a project keeps what its tests read: repositories and archives of them too. */
const fixturePlace =
  /(?:^|\/)(?:[\w-]*fixtures?[\w-]*|test[-_]?data|tests?\/(?:[\w.-]+\/)*(?:data|resources|repos?|assets|[\w-]*repositor(?:y|ies)[\w-]*)|spec\/support)\/[\w.-]/i;

export function isFixturePlace(path: string): boolean {
  return fixturePlace.test(path);
}

const archives = /\.(?:zip|tar|tgz|txz|tbz2?|tar\.\w{1,4}|7z)$/i;

/** The first of these words that is an archive among the project's fixtures. */
export function fixtureArchive(words: readonly string[]): string | undefined {
  return words.find((word) => archives.test(word) && isFixturePlace(word));
}

const unpacks =
  /\b(?:extractall|unpack_archive|copytree|cp_r|cpSync|copySync|ZipFile|TarFile|tarfile|Archive::|unzip|untar|CopyDir|extract)\b/;
const temporary = /\b(?:mkdtemp\w*|TemporaryDirectory|mktmpdir|mktemp|TempDir|tempdir|MkdirTemp|tmpdir)\b/i;
const opens =
  /\b(?:Repository(?:\.(?:new|open|discover))?|Repo|PlainOpen|Git\.open|git\.open|open_repository|discover_repository)\s*\(\s*([^)\n]*)|["'](?:-C|--git-dir)["']\s*,\s*([^,\]\n]+)|\b(?:cwd|chdir)\s*[=:]\s*([^,)\n]+)|\bgitdir\s*:\s*([^,}\n]+)/g;

/**
 * Whether a program unpacks a repository from among the project's fixtures into a temporary folder and works there:
 * each place that it opens is one which it has computed, none is written out.
 */
export function opensFixture(source: string): boolean {
  if (!unpacks.test(source) || !temporary.test(source)) return false;
  if (!(source.match(/[\w./-]{4,200}/g) ?? []).some((word) => isFixturePlace(word))) return false;
  // A run of git without a place of its own works where the program does.
  const bare = source.match(/["'`]git["'`]\s*,\s*["'`](?!-C|--git-dir)|\bgit (?!-C|--git-dir)[a-z]/g) ?? [];
  if (bare.length > (source.match(/\b(?:cwd|chdir)\s*[=:(]/g) ?? []).length) return false;
  const places = [...source.matchAll(opens)].map((match) => (match.slice(1).find((one) => one !== undefined) ?? '').trim());
  return (
    places.length > 0 && places.every((place) => /^[A-Za-z_@$(]/.test(place) && !/\b(?:cwd|pwd|getcwd|__file__|__dir__)\b/.test(place))
  );
}

const testFile = /(?:^|\/)(?:tests?|tst|spec|integration|e2e|__tests__)\/|_test\.\w+$|(?:^|\/)test_\w+\.py$|\.(?:test|spec)\.\w+$/;

/** Projects whose own tests work with repositories. */
const aboutHistory =
  /git|(?:^|[/_-])(?:jj|hg|vcs|svn|dvc)(?:$|[/_-])|pre-commit|husky|lefthook|commit|semantic-release|setuptools[-_]scm|cookiecutter|copier|forgejo|gogs|renovate|changelog/;

/** What a test says that prepares a repository of its own before it works there. */
const prepares =
  /\b(?:\w*[Cc]lone\w*|(?:Plain)?Init\w*|EmptyCommit|\w*Repo(?:sitory)?(?:URL|Builder|Fixture)|SetupRepo|tmp_?path|(?:t|b)\.TempDir|TempDir|mkdtemp|tmpdir|memory\.NewStorage|memfs|sandbox\w*|TestRepo\w*|\w*(?:Repository|RevWalk|Repo)TestCase)\b/;

/**
 * Whether a command stands in a test that the agent wrote for a project about histories, and that test prepares the
 * repository which it works in. A place that is written out, or an address, is none of its own.
 */
export function isOfPreparedTest(argv: readonly string[], repo: string, session: ShellSession): boolean {
  if (!aboutHistory.test(repo)) return false;
  const words = argv.slice(1).filter((word) => /^[\w./-]{3,}$/.test(word));
  for (const [, text] of session.filesNamed(testFile)) {
    if (!prepares.test(text) || /["'`](?:https?:|git@|ssh:|\/(?!tmp\b))|\b(?:getcwd|Getwd|process\.cwd)\b/.test(text)) continue;
    const named = words.filter((word) => text.includes(word));
    if (named.length > 0 || argv[1] === 'for-each-ref') return true;
  }
  return false;
}
