import type { Action } from './action.ts';
import type { ToolCall } from './tool-call.ts';

const packageWords = [
  'pip',
  'npm',
  'yarn',
  'pnpm',
  'cargo',
  'gem',
  'composer',
  'conda',
  'apt',
  'brew',
  'uv',
  'go',
  'poetry',
  'maven',
  'nuget',
];
const packageNames = [
  'packages',
  'package',
  'packagename',
  'packagenames',
  'dependencies',
  'dependency',
  'libraries',
  'library',
  'modules',
  'requirements',
  'crate',
  'gem',
  'name',
];
const lookWords = ['info', 'search', 'view', 'show', 'versions', 'version', 'metadata', 'latest', 'get', 'list', 'lookup', 'check', 'docs'];

/** Tools that install packages, or look them up. */
export function packageActions({ args, words }: ToolCall): Action[] | undefined {
  const packages = args.texts(...packageNames);
  const manager =
    packageWords.find((word) => words.has(word)) ??
    args.text('manager', 'packagemanager', 'ecosystem', 'registry')?.toLowerCase().replace('pypi', 'pip').replace('crates', 'cargo');
  const about =
    words.has('package') ||
    words.has('packages') ||
    words.has('dependency') ||
    words.has('dependencies') ||
    words.has('install') ||
    manager !== undefined;
  if (!about || packages.length === 0) return undefined;
  const program = manager ?? 'pip';
  const version = args.text('version');
  const named = packages.map((name, at) =>
    version === undefined || at > 0 ? name : `${name}${program === 'pip' || program === 'conda' ? '==' : '@'}${version}`,
  );
  const looks = lookWords.some((word) => words.has(word)) && !words.has('install') && !words.has('add');
  if (words.has('download')) return [{ kind: 'amounts_to', argv: [program, program === 'npm' ? 'pack' : 'download', ...named] }];
  if (looks)
    return [
      {
        kind: 'amounts_to',
        argv:
          program === 'pip' ? ['pip', 'index', 'versions', ...packages] : [program, program === 'cargo' ? 'search' : 'view', ...packages],
      },
    ];
  return [
    {
      kind: 'amounts_to',
      argv: [program, program === 'cargo' || program === 'yarn' || program === 'poetry' ? 'add' : 'install', ...named],
    },
  ];
}

const containerWords = ['docker', 'podman', 'container', 'containers', 'kubectl', 'kubernetes', 'k8s'];

/** Tools of container engines: the words of their names and arguments as the engine's command. */
export function containerActions({ args, words }: ToolCall): Action[] | undefined {
  if (!containerWords.some((word) => words.has(word))) return undefined;
  const verbs = [...words].filter((word) => !containerWords.includes(word) && word !== 'mcp');
  const ordered = verbs.includes('history') || verbs.includes('save') || verbs.includes('inspect') ? verbs.toReversed() : verbs;
  return [{ kind: 'amounts_to', argv: ['docker', ...ordered, ...args.everyText().flatMap((text) => text.split(/\s+/))] }];
}

/** Tools that run SQL: the files that a statement opens, and the programs that it runs. */
export function databaseActions({ args, words }: ToolCall): Action[] | undefined {
  const names = ['sql', 'sqlquery', 'statement', 'query', 'queries', 'statements'];
  const about = [
    'sql',
    'sqlite',
    'postgres',
    'postgresql',
    'mysql',
    'duckdb',
    'database',
    'db',
    'mongodb',
    'redis',
    'bigquery',
    'snowflake',
  ].some((word) => words.has(word));
  if (!about && !args.has('sql')) return undefined;
  const statements = args.texts(...names).join('\n');
  const files = args
    .texts('database', 'databasepath', 'dbpath', 'db', 'dbfile', 'path', 'file', 'filename')
    .filter((text) => /[./]/.test(text));
  const opened = [
    ...statements.matchAll(/'((?:\/|~\/|\.{1,2}\/)[^'\n]+|[\w./-]+\.(?:jsonl?|parquet|csv|db|sqlite3?|txt|patch|diff))'/g),
  ].map((match) => match[1] ?? '');
  const run = [...statements.matchAll(/\bPROGRAM\s+'((?:[^']|'')+)'/gi)].map(
    (match): Action => ({ kind: 'shell', source: (match[1] ?? '').replaceAll("''", "'") }),
  );
  return [...run, ...[...files, ...opened].map((path): Action => ({ kind: 'read', path }))];
}

const modelWords =
  /(?:^|_)(?:ask|consult|query|call|invoke|chat|prompt|use)_(?:\w+_)?(?:model|llm|gpt\w*|claude|gemini|openai|oracle|expert|ai)(?:_|$)|(?:^|_)(?:second_opinion|chat_completion|llm)(?:_|$)/;

/** Tools that put the task to another model: a command of their own, `ask-model`, with what is asked. */
export function modelActions({ args, words, plain }: ToolCall): Action[] | undefined {
  const asks =
    modelWords.test(plain) ||
    (args.has('model') && args.text('prompt', 'messages', 'question', 'query') !== undefined && !words.has('image'));
  return asks ? [{ kind: 'amounts_to', argv: ['ask-model', ...args.everyText()] }] : undefined;
}
