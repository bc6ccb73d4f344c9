import type { Command } from '../extraction/command.ts';
import { packageTail } from './places.ts';
import type { Project } from './project.ts';
import type { Surroundings } from './surroundings.ts';

const dropsTree =
  /sys\.path\s*=\s*\[|sys\.path\.(?:remove|pop)\(|sys\.path\[:\]|sys\.path\s*=\s*(?:list\()?filter|del sys\.path|\$LOAD_PATH\.(?:delete|reject)|module\.paths\s*=/;
const showsSource =
  /\binspect\.(?:getsource\w*|getfile|getsourcefile)|\bdis\.|\b(?:__file__|co_consts)\b|getsource\(|\bpydoc\b|source_location|method\([^)]*\)\.source|\.toString\(\)|require\.resolve|body\(|getAnywhere|beam_lib|importlib\.(?:metadata|resources|util)|pkgutil\.get_data|find_spec|:::/;

/**
 * Whether a program reads another copy of the project through its language: with the checkout taken off the path, by
 * an interpreter of another place, or while the agent says that the copy is a later one.
 */
export function copyInCode({ argv, directory, via }: Command, surroundings: Surroundings): string | undefined {
  const code = argv.slice(1).join(' ');
  const kept = keptInCode(code, surroundings.project);
  if (kept !== undefined) return kept;
  const vendored = /\b(?:_?vendor(?:ed)?|extern|third_party|_bundled)\.(\w+)/.exec(code)?.[1];
  if (vendored !== undefined && surroundings.project.packages.has(vendored.toLowerCase().replaceAll('_', '-')))
    return `a vendored ${vendored}`;
  const own = ownModule(code, surroundings.project);
  if (own === undefined || !showsSource.test(code)) return undefined;
  if (dropsTree.test(code)) return `${own}, with the checkout off the path`;
  const { later, answers } = surroundings.seeking;
  const elsewhere = directory.startsWith('/') && !surroundings.tree.isInside(directory) && !surroundings.isMade(directory);
  const piped =
    /__file__|find_spec|require\.resolve|getsourcefile|getfile/.test(code) && /\|\s*(?:xargs|head|while)|\$\(|`/.test(surroundings.source);
  if ((later || answers) && (piped || elsewhere || argv[1] !== 'python' || via.some((one) => /python\d/.test(one))))
    return `${own}, which the agent calls a later copy`;
  return later && /getsource|beam_lib|:::|co_consts|dis\./.test(code) ? `${own}, which the agent calls a later copy` : undefined;
}

const opens =
  /\b(?:open|read\w*|load\w*|Path|File\w*|ZipFile|TarFile|connect|i?glob|listdir|walk|scandir|require|source|import\w*|from_file|parse\w*|readFileSync|readdirSync|file_get_contents|spec_from_file_location|include|slurp|exists|isfile)\s*\(\s*r?["'`]((?:\/|~\/|\.|[\w.-]+\/)[^"'`\s]{2,300})["'`]/g;

/** The files outside the tree that a program opens by their literal paths, in any language. */
export function pathsInCode(code: string): string[] {
  const opened = [...code.matchAll(opens)].map((match) => match[1] ?? '');
  // A name that only one kind of file has needs no folder: it may be searched for or joined.
  const telling = [...code.matchAll(/["'`](?:[^"'`\n]{0,60}[/*])?(\.(?:\w+_history|viminfo|aider\.chat\.history\.md))["'`]/g)].map(
    (match) => `~/${match[1] ?? ''}`,
  );
  return [...opened, ...telling].slice(0, 40);
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

const loads = /\b(?:import|from|require|library|use|using|include|load_module|lib_dir|import_module)\b\W{0,3}([\w@./-]+)|\b([\w.]+):::/g;

function ownModule(code: string, { packages, modules }: Project): string | undefined {
  for (const match of code.matchAll(loads)) {
    for (const name of (match[1] ?? match[2] ?? '').toLowerCase().split(/[/.]/)) {
      const plain = name.replaceAll('_', '-');
      if (packages.has(plain) || modules.has(plain)) return name;
    }
  }
  return undefined;
}
