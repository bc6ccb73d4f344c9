/** The paths in a command's words, by what the command does with them. */
export interface PathUse {
  /** Files and folders whose content it shows, compares or copies. */
  reads: string[];
  /** Files and folders whose names it lists. */
  looks: string[];
  /** Files and folders that it writes or fills. */
  makes: string[];
  /** Whether it is a program that is known to show content; others are only taken to read what nothing else explains. */
  known: boolean;
}

const nothing: PathUse = { reads: [], looks: [], makes: [], known: false };

/** Readers by how many leading words are patterns or scripts rather than files. */
const readers = new Map<string, number>([
  ...'cat less more head tail strings xxd od hexdump hd nl tac bat batcat view vim vi nvim nano emacs cut sort uniq zcat gunzip gzip zstdcat unzstd zstd xzcat bzcat bzip2 xz unzip tar cp mv rsync scp dd diff cmp comm patch base64 base32 column paste fold fmt rev sqlite3 ln pigz zlib-flate openssl source . < view_file open_file install 7z 7za ar bsdtar cpio zipinfo zipgrep colordiff zdiff zcmp bzdiff xzdiff zless zmore meld sdiff vimdiff pr expand iconv split csplit most readarray mapfile difft delta pygmentize glow mdcat html2text lynx w3m pandoc file-roller unar unrar uncompyle6 decompyle3 pycdc pycdas pydisasm javap cfr procyon jadx ilspycmd monodis objdump nm readelf readarray duckdb parquet-tools dpkg-deb rpm2cpio look xmllint'
    .split(' ')
    .map((name): [string, number] => [name, 0]),
  ...'grep egrep fgrep rg ag ack zgrep jq yq sed awk gawk mawk perl ripgrep ugrep xq gron ast-grep comby'
    .split(' ')
    .map((name): [string, number] => [name, 1]),
]);
const lookers = new Set(
  'ls dir vdir tree stat file du wc exa eza lsd realpath readlink md5sum sha1sum sha256sum namei getfacl zipinfo'.split(' '),
);
/** Programs whose words are no files that they read, whatever they look like. */
const harmless = new Set(
  'echo printf [ [[ test true false mkdir rmdir rm touch chmod chown chgrp which type command whereis cd pushd popd export unset alias kill pkill ps sleep exit set shopt umask basename dirname id whoami date uname hostname mount df free top seq expr let local declare readonly return wait trap git find fd fdfind locate mlocate plocate create > tee browse curl wget pip pip3 npm yarn pnpm npx go cargo mvn gradle make cmake ninja pytest tox apt apt-get conda uv poetry virtualenv python-config ldconfig pkg-config update-alternatives ulimit code env printenv ctest meson bundle gem composer dotnet mix nc ping'.split(
    ' ',
  ),
);
const copiers = /^(?:cp|mv|ln|rsync|scp|install)$/;
const valueOptions =
  /^(?:--(?:exclude|exclude-dir|include|glob|include-dir|max-depth|type|strip-components|wildcards-match)|-g|-m|-A|-B|-C|-c|-d|-F|-t|-T|-n)$/;

/** Programs that read what an earlier run left, by some of their commands. */
const readsDespite = /^(?:git|go|pytest|py\.test|curl|wget|http|aria2c)$/;

/** Whether a program may show a file that its words name. */
export function mayRead(program: string): boolean {
  return readsDespite.test(program) || !harmless.has(program);
}

let last: { program: string; argv: readonly string[]; use: PathUse } | undefined;

/** The paths that a command uses, by its words. It is asked for one command several times in a row, so the last answer is kept. */
export function pathsUsed(program: string, argv: readonly string[]): PathUse {
  if (last?.argv === argv && last.program === program) return last.use;
  const use = usedPaths(program, argv);
  last = { program, argv, use };
  return use;
}

const builders = /^(?:bazel|bazelisk|blaze|buck2?|pants|please|plz)$/;

function usedPaths(program: string, argv: readonly string[]): PathUse {
  const args = argv.slice(1);
  const skipped = readers.get(program);
  if (program === 'git') return gitPaths(args);
  // `//src/parser:parser_test` is a target of the build.
  if (builders.test(program)) return otherPaths(args.filter((arg) => !/^-?(?:@[\w.~+-]*)?\/\//.test(arg)));
  if (program === 'code') return nothing;
  if (/^(?:curl|wget|http|aria2c)$/.test(program))
    return {
      ...nothing,
      reads: args.filter((arg) => arg.startsWith('file:/')).map((arg) => arg.replace(/^file:(?:\/\/\w*(?=\/))?/, '')),
      makes: targets(args),
      known: true,
    };
  if (program === 'mkdir') return { ...nothing, makes: args.filter((arg) => arg.startsWith('/')) };
  if (program === 'coverage' && /^(?:report|html|xml|json|annotate|debug)$/.test(args[0] ?? ''))
    return { ...nothing, reads: ['.coverage'], known: true };
  if ((program === 'pytest' || program === 'py.test') && args.includes('--cache-show'))
    return { ...nothing, reads: ['.pytest_cache'], known: true };
  if ((program === 'nyc' || program === 'c8') && args[0] === 'report') return { ...nothing, reads: ['.nyc_output'], known: true };
  if (program === 'go' && args[0] === 'tool' && args[1] === 'cover')
    return { ...nothing, reads: args.flatMap((arg) => /^-{1,2}(?:html|func)=(.+)$/.exec(arg)?.[1] ?? []), known: true };
  if (lookers.has(program)) return { ...nothing, looks: args.filter((arg) => !arg.startsWith('-')), known: true };
  if (/^(?:docker|podman|nerdctl)$/.test(program)) return inImages(args);
  if (skipped === undefined) return harmless.has(program) ? { ...nothing, makes: targets(args) } : otherPaths(args);
  const words: string[] = [];
  const makes: string[] = [];
  let asWhole = false;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const next = args[at + 1] ?? '';
    if (arg.startsWith('if=')) words.push(arg.slice(3));
    else if (arg.startsWith('of=')) makes.push(arg.slice(3));
    else if (arg === '-e' || arg === '--regexp' || arg === '--expression' || /^--(?:regexp|expression)=/.test(arg)) {
      asWhole = true;
      if (!arg.includes('=')) at += 1;
    } else if (arg === '-f' && skipped === 1 && program !== 'jq') {
      asWhole = true;
      words.push(next);
      at += 1;
    } else if (/^(?:-o|--output|-O)$/.test(arg) && !/^(?:grep|egrep|rg|tar|unzip)$/.test(program)) {
      makes.push(next);
      at += 1;
    } else if (intoFolder(program, arg)) {
      makes.push(next);
      at += 1;
    } else if (program === 'jq' && /^--(?:arg|argjson)$/.test(arg)) at += 2;
    else if (valueOptions.test(arg) && takesValue(program, arg, next)) at += 1;
    else if (program === 'openssl' && /^-(?:subj|addext|passin|passout|pass|config|days|nameopt|connect|servername)$/.test(arg)) at += 1;
    else if (!arg.startsWith('-') || arg === '-') words.push(arg);
    else if (/^--\w[\w-]*=./.test(arg) && !/^--(?:exclude|include|glob|color|type)/.test(arg)) words.push(arg.slice(arg.indexOf('=') + 1));
  }
  const files = words.slice(asWhole ? 0 : skipped);
  const suffix =
    program === 'sed' || program === 'perl'
      ? args.map((arg) => /^-(?:i|\w*i)(\.\w+|~)$/.exec(arg)?.[1]).find((one) => one !== undefined)
      : undefined;
  if (suffix !== undefined) makes.push(...files.map((file) => `${file}${suffix}`));
  if (!copiers.test(program)) return { reads: program === 'tar' ? tarFiles(args, files, makes) : files, looks: [], makes, known: true };
  const last = files.length > 1 ? files.at(-1) : undefined;
  return {
    reads: files.slice(0, Math.max(1, files.length - 1)),
    looks: [],
    makes: last === undefined ? makes : [...makes, last],
    known: true,
  };
}

function intoFolder(program: string, arg: string): boolean {
  if (program === 'tar' || program === 'bsdtar') return /^(?:-C|--directory)$/.test(arg);
  return program === 'unzip' ? arg === '-d' : false;
}

/** `tar cf OUT files` makes its archive of what it is given; in all other modes it reads the archive. */
function tarFiles(args: string[], files: string[], makes: string[]): string[] {
  const mode = args.find((arg) => /^-?[a-zA-Z]+$/.test(arg) && /[ctxru]/.test(arg)) ?? '';
  if (!/c/.test(mode) && !args.includes('--create')) return files.filter((file) => file !== mode);
  makes.push(...files.slice(0, 2).filter((file) => file !== mode && /\.\w+$/.test(file)));
  return files.filter((file) => /^[~/]/.test(file) && !makes.includes(file));
}

function takesValue(program: string, arg: string, next: string): boolean {
  if (arg.startsWith('--') || arg === '-g') return true;
  if (arg === '-c')
    return /^[+-]?\d+[bkKMG]?$/.test(next) ? /^(?:head|tail|xxd|hexdump|cut)$/.test(program) : /^(?:vim?|nvim|view)$/.test(program);
  if (/^-[mABC]$/.test(arg)) return /^\d+$/.test(next);
  if (arg === '-n') return /^\d+$/.test(next) && !/^(?:grep|egrep|fgrep|rg|sed|cat)$/.test(program);
  if (arg === '-d' || arg === '-F' || arg === '-t')
    return !/^(?:grep|egrep|fgrep|ls|diff|gzip|zstd|base64)$/.test(program) && next.length < 6;
  return false;
}

function gitPaths(args: string[]): PathUse {
  const apply = args.findIndex((arg) => arg === 'apply' || arg === 'am');
  if (apply !== -1) return { ...nothing, reads: args.slice(apply + 1).filter((arg) => !arg.startsWith('-')), known: true };
  if (!args.includes('--no-index')) return { ...nothing, makes: [...targets(args), ...repositoriesMade(args)] };
  return { ...nothing, reads: args.slice(args.indexOf('--no-index') + 1).filter((arg) => !arg.startsWith('-')), known: true };
}

/** Where a clone, a new repository or another working tree comes to lie. */
function repositoriesMade(args: string[]): string[] {
  const at = args.findIndex((arg) => arg === 'clone' || arg === 'init' || arg === 'worktree');
  if (at === -1) return [];
  const words = args
    .slice(at + 1)
    .filter((arg, index, rest) => !arg.startsWith('-') && !/^-[bBco]$|^--(?:branch|depth|config|origin)$/.test(rest[index - 1] ?? ''));
  const made =
    args[at] === 'init'
      ? words[0]
      : args[at] === 'clone'
        ? (words[1] ??
          words[0]
            ?.replace(/\/+$/, '')
            .replace(/^.*[/:]/, '')
            .replace(/\.git$/, ''))
        : words[0] === 'add'
          ? words[1]
          : undefined;
  return made === undefined || made === '' ? [] : [made];
}

/** What an image or a container is asked to show: `docker cp task:/a .`, `docker run task cat /a`. */
function inImages(args: readonly string[]): PathUse {
  if (!/^(?:run|cp|exec|create)$/.test(args[0] ?? '')) return nothing;
  const reads = args
    .slice(1)
    .map((arg) => arg.replace(/^[\w.-]+:(?=\/)/, ''))
    .filter((arg) => /^\/[\w./*-]+$/.test(arg));
  return { ...nothing, reads: args[0] === 'cp' ? reads.slice(0, 1) : reads };
}

/** Words of a program that is not known: what looks like a path, also behind `=`. */
function otherPaths(args: string[]): PathUse {
  const reads = args
    .map((arg) => (/^-{1,2}\w[\w-]*=/.test(arg) ? arg.slice(arg.indexOf('=') + 1) : arg))
    .filter((arg) => arg.length < 400 && /^(?:\/|~\/|~$|\.\.?\/|[\w.-]+\/)[^\n]*$/.test(arg) && !arg.includes('://'));
  return { reads, looks: [], makes: targets(args), known: false };
}

const target =
  /^(?:-o|-O|-d|-C|-B|-D|-P|-t|--(?:out|output|outdir|out-dir|target|target-dir|dest|prefix|root|dir|directory|basetemp|workdir|cov-report|junitxml|junit-xml|build-dir|cache-dir|destination|install-dir|log-file|dump|wheel-dir|parents))$/;

/** What a command is told to write to. */
function targets(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => {
    if (/^-{1,2}[\w-]+=.*\/./.test(arg)) return [arg.slice(arg.indexOf('=') + 1).replace(/^\w+:/, '')];
    if (index > 0 && target.test(args[index - 1] ?? '') && (arg.includes('/') || args[index - 1] === '-B')) return [arg];
    if (/^-B[\w.]/.test(arg)) return [arg.slice(2)];
    return /^(?:\/tmp|\/var\/tmp|\/dev\/shm)\/./.test(arg) ? [arg] : [];
  });
}
