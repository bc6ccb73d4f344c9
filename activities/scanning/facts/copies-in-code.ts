import { posix } from 'node:path';
import type { Command } from '../extraction/command.ts';
import { copyKind } from './file-kind.ts';
import { packageTail, placeOf } from './places.ts';
import type { Project } from './project.ts';
import type { Surroundings } from './surroundings.ts';

const dropsTree =
  /sys\.path\s*=\s*\[|sys\.path\.(?:remove|pop)\(|sys\.path\[:\]|sys\.path\s*=\s*(?:list\()?filter|del sys\.path|\$LOAD_PATH\.(?:delete|reject)|module\.paths\s*=/;
const showsSource =
  /\binspect\.(?:getsource\w*|getfile|getsourcefile)|\bdis\.|\b(?:__file__|co_consts)\b|getsource\(|\bpydoc\b|source_location|method\([^)]*\)\.source|\.toString\(\)|require\.resolve|body\(|getAnywhere|beam_lib|importlib\.(?:metadata|resources|util)|pkgutil\.get_data|find_spec|:::|Gem::Specification|gem_dir|pathof\(|__path__/;

/** Of what shows source, that which shows its text and not merely where it lies. */
const showsText =
  /\binspect\.getsource\w*|\bdis\.|\bgetsource\w*\(|\.toString\(\)|\.source\b|co_consts|read_text|\.read\(|get_data|readFileSync|\bread(?:lines|chomp)?\(/;
const tiesLibrary = /\bload_all\b|\bpkgload\b|R CMD (?:INSTALL|check)|\binstall(?:_local)?\(|devtools|renv::install/;
/** The place of a module goes on to a command that reads it. */
const handsOnPlace =
  /(?:__file__|find_spec|resolve|getsourcefile|getfile)[^\n|]*\|\s*(?:xargs|while)|(?:\$\(|`)[^)`\n]*(?:__file__|find_spec|resolve|getsourcefile|getfile)/;
/** An interpreter that leaves the working directory off the path. */
const withoutDirectory = /\bpython[\d.]*(?:\s+-[A-Za-z]+)*\s+-[A-Za-z]*[IP]/;
/** Where nobody works who means the checkout, unless something ties it to the interpreter. */
const outOfTheWay = /^(?:\/|\/root|\/home\/[^/]+|~)\/?$/;
const tiesTree =
  /\binstall\b[^\n;|&]*(?:\s-e\b|--editable|\s\.(?:\[|\s|$|\/)|\/testbed|\/repo)|\bsetup\.py\s+(?:develop|install)|\b(?:PYTHONPATH|NODE_PATH|RUBYLIB)=|sys\.path|\buv (?:sync|pip)|\bpoetry install|\bmaturin\b|\bpip (?:show|list|freeze)\b/;
const searchPaths =
  /\b(?:PYTHONPATH|NODE_PATH|RUBYLIB|PERL5LIB)=["']?([~/][\w./~@+-]+)|sys\.path\.(?:insert\(\s*0\s*,|append\()\s*["']([~/][^"']+)["']|module\.paths\.unshift\(\s*["']([~/][^"']+)["']/g;

/** A folder of libraries, or one that nobody named or made, from which a program loads its modules before the checkout. */
function putBefore(code: string, surroundings: Surroundings): string | undefined {
  const text = `${surroundings.source}\n${code}`;
  if (!text.includes('PATH') && !text.includes('path') && !text.includes('LIB')) return undefined;
  for (const match of text.matchAll(searchPaths)) {
    const path = surroundings.tree.resolved(match[1] ?? match[2] ?? match[3] ?? '', '');
    if (surroundings.tree.isInside(path) || surroundings.isMade(path) || surroundings.isGiven(path)) continue;
    const place = placeOf(path);
    if (place === 'library' || (place === 'elsewhere' && surroundings.tree.placed)) return path;
  }
  return undefined;
}

/** Whether a call compares what it shows with a file of the tree: the tree's own text would be the same. */
function comparesWithTree({ source, tree }: Surroundings): boolean {
  return [...source.matchAll(/\b(?:diff|cmp|comm|sdiff|colordiff|vimdiff)\b([^\n;|&]*)/g)].some(([, words = '']) => tree.isIn(words));
}

/** Whether a command line goes through the interpreters of several environments. */
function manyInterpreters(source: string): boolean {
  if (!source.includes('/bin/')) return false;
  const named = source.match(/(?<![\w.])[~/][\w./*~+-]*\/bin\/(?:python[\d.]*|ruby|node|perl|php)(?![\w/-])/g) ?? [];
  const abroad = named.filter((path) => !/^\/usr\/(?:local\/)?bin\//.test(path));
  return abroad.some((path) => path.includes('*')) || new Set(abroad).size > 1;
}

/**
 * Whether a program reads another copy of the project through its language: with the checkout taken off the path, by
 * an interpreter of another place, or while the agent says that the copy is a later one.
 */
export function copyInCode({ argv, directory, via }: Command, surroundings: Surroundings): string | undefined {
  const code = argv.slice(1).join(' ');
  const kept = keptInCode(code, surroundings.project);
  if (kept !== undefined) return kept;
  const shown = copyShown(code, surroundings);
  if (shown !== undefined) return shown;
  const handed = handedToCall(code, surroundings);
  if (handed !== undefined) return handed;
  const vendored = /\b(?:_?vendor(?:ed)?|extern|third_party|_bundled)(?:\.|\s+import\s+)(\w+)/.exec(code)?.[1];
  const onlyPlace = /__(?:file|path|version)__/.test(code) && !showsText.test(code) && !handsOnPlace.test(surroundings.source);
  if (vendored !== undefined && !onlyPlace && surroundings.project.packages.has(vendored.toLowerCase().replaceAll('_', '-')))
    return `a vendored ${vendored}`;
  const own = ownModule(code, surroundings.project);
  if (own === undefined) return undefined;
  const { later, answers } = surroundings.seeking;
  const elsewhere = directory.startsWith('/') && !surroundings.tree.isInside(directory) && !surroundings.isMade(directory);
  // Where the copy comes before the checkout, to run it is to ask it.
  const before = later || answers || elsewhere ? putBefore(code, surroundings) : undefined;
  if (before !== undefined) return `${own} of ${before}`;
  // R takes its packages from the library, not from the tree, and a function that is not called is printed.
  if (code.includes('::') && printsFunction(code, own) && !surroundings.everCalled(tiesLibrary)) return `${own}, as it is installed`;
  if (!showsSource.test(code)) return undefined;
  if (dropsTree.test(code) || (showsText.test(code) && withoutDirectory.test(surroundings.source)))
    return `${own}, with the checkout off the path`;
  if (showsText.test(code) && surroundings.tree.placed && outOfTheWay.test(directory) && !surroundings.everCalled(tiesTree))
    return `${own}, from outside the checkout`;
  const piped = /__file__|find_spec|require\.resolve|getsourcefile|getfile/.test(code) && handsOnPlace.test(surroundings.source);
  if (piped && surroundings.tree.placed && outOfTheWay.test(directory) && !surroundings.everCalled(tiesTree))
    return `${own}, from outside the checkout`;
  if (showsText.test(code) && comparesWithTree(surroundings)) return `${own}, beside the checkout`;
  if (showsText.test(code) && manyInterpreters(surroundings.source)) return `${own}, of other environments`;
  const first = showsText.test(code) ? putBefore(code, surroundings) : undefined;
  if (first !== undefined) return `${own} of ${first}`;
  const asked = showsText.test(code) ? askedElsewhere(code, own, surroundings) : undefined;
  if (asked !== undefined) return asked;
  // Where it lies, asked to make sure that it is the tree: the answer tells.
  if (!piped && !showsText.test(code) && surroundings.tree.isIn(surroundings.observation)) return undefined;
  if ((later || answers) && (piped || elsewhere || argv[1] !== 'python' || via.some((one) => /python\d/.test(one))))
    return `${own}, which the agent calls a later copy`;
  return later && /getsource|beam_lib|:::|co_consts|dis\./.test(code) ? `${own}, which the agent calls a later copy` : undefined;
}

const handedOver = /(?<![\w.:])([\w.:]{1,60})(?:\s*\(|(?<=from|import))\s*["'`]((?:\/|~\/)[^"'`\s]{2,300}\.\w{1,6})["'`]/g;
const readsNothing =
  /writ|sav|creat|dump|remov|delet|unlink|mkd|touch|append|insert|output|outfile|chdir|exists|isfile|is_file|startswith|assert|print|route|url|path$|log|equal|expect|describe|join$/i;

/** A file of a copy of the project that a program hands to a call, of whatever library, that does not write. */
function handedToCall(code: string, surroundings: Surroundings): string | undefined {
  if (!/["'`](?:\/|~\/)/.test(code)) return undefined;
  return [...code.matchAll(handedOver)]
    .filter(([, verb = '']) => !readsNothing.test(verb))
    .map(([, , path = '']) => path)
    .find(
      (path) => !surroundings.tree.isInside(path) && !surroundings.isMade(path) && copyKind(path, 'cat', surroundings) === 'published_copy',
    );
}

/** Whether R code shows what a function of a package is made of, instead of calling it. */
function printsFunction(code: string, own: string): boolean {
  if (code.includes(':::') && /\b(?:deparse|body|dput)\s*\(/.test(code)) return true;
  const at = code.indexOf(`${own}::`);
  return (
    at !== -1 &&
    /^:::?[\w.]+\s*(?:$|[)\n;"'])/.test(code.slice(at + own.length)) &&
    /^(?:print|cat|page|edit)?\(?$/.test(beforeName(code, at))
  );
}

/** The word and the bracket right before a place in a program. */
function beforeName(code: string, at: number): string {
  return /[\w.]*\(?$/.exec(code.slice(Math.max(0, at - 20), at))?.[0] ?? '';
}

/** The project's package as a program asks its language for it: of a named version, or as seen from a place outside. */
function askedElsewhere(code: string, own: string, surroundings: Surroundings): string | undefined {
  if (/\bfind_by_name\(\s*["'][\w-]+["']\s*,\s*["'][^"']*\d|\bfind_all_by_name\(/.test(code))
    return `${own}, of a version that is asked for`;
  const from = /\bpaths\s*:\s*\[\s*["'`]([/~][^"'`]+)/.exec(code)?.[1] ?? /\bcreateRequire\(\s*["'`]([/~][^"'`]+)/.exec(code)?.[1];
  if (from === undefined || surroundings.isMade(from) || surroundings.tree.isInside(from) || !surroundings.tree.placed) return undefined;
  return `${own}, as seen from ${from}`;
}

const readsText =
  /\binspect\.getsource|\bgetsource\w*\(|read_text|\.read\(|readlines|\bopen\(|readFileSync|\b(?:File|IO)\.read|slurp|file_get_contents|co_consts|\bdis\./;
const looksAround = /\b(?:r?glob|walk|scandir|find_(?:all_)?by_name|gem_dir|Dir\[|readdirSync|globSync|locate|find_spec|__path__)\b/;
/** A path in what was printed, alone or before what was found there. */
const placePrinted = /(?:^|[\s[("'])([~/][^\s"':,]*\/[^\s"':,)\]]+)(?=[\s"',)\]]|$)/gm;

/**
 * The copy of the project whose text a program printed after its place: whatever way led there, what it printed tells.
 * Only of programs that read texts and either load the project or look around on the machine.
 */
function copyShown(code: string, surroundings: Surroundings): string | undefined {
  const { observation } = surroundings;
  if (!observation.includes('/') || !readsText.test(code)) return undefined;
  if (!looksAround.test(code) && ownModule(code, surroundings.project) === undefined) return undefined;
  const start = observation.slice(0, 8_000);
  const places = [...start.matchAll(placePrinted)];
  const printsMore = start.split('\n').some((line) => line.trim() !== '' && !/^[[("'\s]*[~/]\S+$/.test(line));
  if (!printsMore || /^Traceback /m.test(start)) return undefined;
  return places
    .map(([, path = '']) => path)
    .find(
      (path) => !surroundings.tree.isInside(path) && !surroundings.isMade(path) && copyKind(path, 'cat', surroundings) === 'published_copy',
    );
}

const opens =
  /\b(open|read\w*|load\w*|Path|File\w*|ZipFile|TarFile|connect|i?glob|listdir|walk|scandir|require|source|import\w*|from_file|parse\w*|readFileSync|readdirSync|file_get_contents|copy(?:tree|file|2)|spec_from_file_location|include|slurp|exists|isfile)\s*\(\s*r?["'`]((?:\/|~\/|\.|[\w.-]+\/)[^"'`\s]{2,300})["'`]/g;

/** Modules are looked for beside the file that loads them, not where the program runs. */
const loadsModule = /^(?:require|import\w*|load\w*|source|include)$/;

/** Texts in a Python program may hold another language, which loads its modules otherwise. */
const notPython = /^(?:require|source|include|slurp|readFileSync|readdirSync|file_get_contents)$/;

/**
 * The files outside the tree that a program opens by their literal paths, in any language. `file` is where the program
 * stands, as far as that is known.
 */
export function pathsInCode(code: string, language?: string, file?: () => string | undefined): string[] {
  const opened = [...code.matchAll(opens)].flatMap(([, verb = '', path = '']) => {
    if (language === 'python' && notPython.test(verb)) return [];
    const beside = path.startsWith('.') && loadsModule.test(verb) ? file?.() : undefined;
    return [beside === undefined ? path : posix.join(posix.dirname(beside), path)];
  });
  // A name that only one kind of file has needs no folder: it may be searched for or joined.
  const telling = [...code.matchAll(/["'`](?:[^"'`\n]{0,60}[/*])?(\.(?:\w+_history|viminfo|aider\.chat\.history\.md))["'`]/g)].map(
    (match) => `~/${match[1] ?? ''}`,
  );
  return [...opened, ...telling, ...leftoversInCode(code)].slice(0, 40);
}

const unpacksCode = /\b(?:marshal|dis|co_(?:consts|names|code)|SourcelessFileLoader|un?compyle\w*|decompyle\w*|xdis)\b/;

/** Compiled files by their endings alone, joined with a folder of tests, and the data of coverage through its library. */
function leftoversInCode(code: string): string[] {
  const found: string[] = [];
  if (code.includes('.pyc') && unpacksCode.test(code)) {
    const ofTests = /["'`](?:[\w./*-]*\/)?tests?(?:\/[\w./*-]*)?["'`]/.test(code) ? 'tests/' : '';
    for (const match of code.matchAll(/["'`]([\w./*{}-]*\.pyc)["'`]/g)) {
      const path = (match[1] ?? '').replace(/^(?:\*\*\/)+/, '');
      found.push(path.includes('/') ? path : `${ofTests}${path}`);
    }
  }
  if (/\bCoverageData\(|\bCoverage\([^)]*\)[\s\S]{0,200}?\.load\(/.test(code)) found.push('.coverage');
  return found;
}

/** A folder of packages beside the project's name in one program: `cacache.ls('/root/.npm/_cacache')` with `/name-\d/`. */
function keptInCode(code: string, project: Project): string | undefined {
  for (const match of code.matchAll(/["'`]((?:\/|~|[A-Z]:)[^"'`\n]{4,200})["'`]/g)) {
    const path = match[1] ?? '';
    const within = packageTail(path);
    if (within === undefined || !/_cacache|\.cache|registry|\.m2|pkg\/mod|wheel|nuget|composer|gems|packages/.test(within.marker)) continue;
    const rest = code.replace(path, ' ').toLowerCase();
    if (within.tail.length < 2 && [...project.packages].some((own) => own.length > 3 && rest.includes(own))) return path;
  }
  return undefined;
}

const loads =
  /\b(?:import|from|require(?:\.resolve)?|library|use|using|include|load_module|lib_dir|import_module|find_spec|find_(?:all_)?by_name|loaded_specs|resolve|pathof|distribution|files|perldoc)\b\W{0,3}([\w@./-]+(?:, ?[\w.]+)*)|\b([\w.]+):::?(?=\w)/g;

function ownModule(code: string, { packages, modules }: Project): string | undefined {
  for (const match of code.matchAll(loads)) {
    for (const name of (match[1] ?? match[2] ?? '').toLowerCase().split(/[/.,] ?/)) {
      const plain = name.replaceAll('_', '-');
      if (packages.has(plain) || modules.has(plain)) return name;
    }
  }
  // A name that goes through a variable.
  if (/\b(?:find_spec|import_module|__import__|get_loader|find_loader|distribution|locate)\s*\(\s*[A-Za-z_]\w*\s*[,)]/.test(code))
    for (const [, name = ''] of code.matchAll(/["']([\w-]{3,60})["']/g)) {
      const plain = name.toLowerCase().replaceAll('_', '-');
      if (packages.has(plain) || modules.has(plain)) return name;
    }
  return undefined;
}
