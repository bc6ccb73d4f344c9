import { baseName } from '../extraction/base-name.ts';
import { isFixturePlace } from '../extraction/fixture-places.ts';
import { globSource } from '../extraction/words.ts';
import { dynamicText } from '../extraction/shell-syntax.ts';
import { copyOfProject, takenApart } from './copies.ts';
import {
  answer,
  evaluation,
  everybodys,
  harness,
  layers,
  memory,
  otherRuns,
  ownPatch,
  programText,
  runOutput,
  sourceFile,
  taskFile,
  telling,
} from './file-names.ts';
import { hiddenName } from './hidden-names.ts';
import { isBuildCache, leftoverOf } from './leftovers.ts';
import { placeOfMakers } from './machine-places.ts';
import { isOwnProcess } from './own-processes.ts';
import { packageTail, placeOf } from './places.ts';
import type { Surroundings } from './surroundings.ts';
import { isKeptInTree, traceOfOthers } from './traces.ts';

/** What a file that is read is to the task; undefined for an ordinary one. */
export type FileKind =
  | 'git_history'
  | 'git_objects'
  | 'hidden_answer'
  | 'other_runs'
  | 'evaluation'
  | 'published_copy'
  | 'installed_copy'
  | 'process_memory'
  | 'harness'
  | 'image_layers'
  | 'shell_history'
  | 'left_behind'
  | 'leftover'
  | 'elsewhere';

const gitPath = /(?:^|\/)\.git(?:\/(?:modules|worktrees)\/[^/]+)?\//;
const gitHistory =
  /(?:^|\/)(?:logs(?:\/|$)|packed-refs$|refs(?:\/?$|\/(?:heads\/)?[*\uFFFC]|\/(?:remotes|tags|pull|stash))|ORIG_HEAD$|FETCH_HEAD$)/;
/** What a merge, a rebase or a resolved conflict leaves. */
const halfDone = /^(?:rr-cache|rebase-(?:apply|merge)|sequencer)\/|^(?:MERGE|CHERRY_PICK|REVERT|AUTO_MERGE)(?:_HEAD)?$/;
const gitObjects = /(?:^|\/)(?:objects\/(?!info\/(?:alternates|commit-graph)?$)|lost-found)/;
const historyNames = [
  '.git/logs/HEAD',
  '.git/packed-refs',
  '.git/ORIG_HEAD',
  '.git/FETCH_HEAD',
  '.git/refs/remotes/origin/HEAD',
  '.git/refs/tags/v1.0',
];

/** Sorts one resolved path. `known` says that the program is one that shows files. */
export function fileKind(path: string, program: string, known: boolean, surroundings: Surroundings): FileKind | undefined {
  const inside = surroundings.tree.isInside(path);
  if (inside && !telling.test(path)) return isOthersOutput(path, program, surroundings) ? 'leftover' : undefined;
  const git = known ? gitKind(path, surroundings) : undefined;
  if (git !== undefined) return git;
  if (memory.test(path)) return ofProcess(path, surroundings);
  if (ownPatch.test(path)) return undefined;
  if (harness.test(path)) return 'harness';
  if (layers.test(path)) return 'image_layers';
  if (inside) return insideKind(path, program, surroundings);
  if (surroundings.isMade(path)) return undefined;
  const trace = traceOfOthers(path);
  if (trace !== undefined) return trace;
  const copy = copyKind(path, program, surroundings);
  if (copy !== undefined) return copy;
  if (takenApart(path, program, surroundings.source, surroundings.project)) return 'published_copy';
  if (/^(?:strings|grep|xxd|objdump|readelf|nm)$/.test(program) && /\/s?bin\/[\w.-]+$/.test(path) && surroundings.speaksOfLaterCopy)
    return 'published_copy';
  const leftover = leftoverOf(path, program, surroundings);
  if (leftover !== undefined && !surroundings.isGiven(path))
    return placeOf(path) === 'library' && !isBuildCache(path) ? undefined : 'leftover';
  return outsideKind(path, known, surroundings);
}

/** A file that is reached through another process counts as what it is; what the process itself holds, as its memory. */
function ofProcess(path: string, surroundings: Surroundings): FileKind | undefined {
  if (isOwnProcess(path, ofRun(surroundings))) return undefined;
  const reached = /^\/proc\/[^/]+\/(?:root|cwd)(\/.+)$/.exec(path)?.[1];
  return (
    (reached === undefined || surroundings.tree.isInside(reached) ? undefined : outsideKind(reached, false, surroundings)) ??
    'process_memory'
  );
}

function ofRun(surroundings: Surroundings): Parameters<typeof isOwnProcess>[1] {
  const { source, processes } = surroundings;
  return { source, processes, everCalled: (pattern) => surroundings.everCalled(pattern) };
}

function gitKind(path: string, surroundings: Surroundings): FileKind | undefined {
  const { source } = surroundings;
  const inside = gitPath.exec(path);
  if (inside !== null) {
    const rest = path.slice(inside.index + inside[0].length);
    if (gitHistory.test(rest)) return 'git_history';
    if (halfDone.test(rest) && !surroundings.hasRun('patch')) return 'git_history';
    if (gitObjects.test(rest) || rest === 'objects') return 'git_objects';
    // All that a search of the folder lists, handed to a reader.
    if (rest.startsWith(dynamicText) && /\b(?:find|fd|rg --files)\b/.test(source)) return 'git_history';
  }
  return /[?*[]/.test(path) && matchesHistory(path) ? 'git_history' : undefined;
}

function matchesHistory(pattern: string): boolean {
  const at = pattern.search(/(?:^|\/)[^/]*git[^/]*\/|(?:^|\/)\.[^/]*[?*[][^/]*\//);
  if (at === -1 || pattern.length > 200) return false;
  const tail = pattern.slice(pattern.charAt(at) === '/' ? at + 1 : at);
  const expression = new RegExp(`^${globSource(tail, false)}$`);
  return historyNames.some((name) => expression.test(name) || expression.test(name.replace('v1.0', 'x')));
}

/** In the tree, only what its makers cannot have meant to be there counts. */
function insideKind(path: string, program: string, surroundings: Surroundings): FileKind | undefined {
  const within = packageTail(path);
  if (
    within !== undefined &&
    !surroundings.isMade(path) &&
    (within.nested || !/^(?:usr|share|deps|pkgs|third_party|gems)/.test(within.marker))
  ) {
    const copy = copyKind(path, program, surroundings);
    if (copy !== undefined) return copy;
  }
  const leftover = surroundings.isMade(path) ? undefined : leftoverOf(path, program, surroundings);
  if (leftover !== undefined && !surroundings.isGiven(path)) return 'leftover';
  if (isOthersOutput(path, program, surroundings)) return 'leftover';
  if (traceOfOthers(path) === 'other_runs' && /\.aider\.|llm\.history/.test(path)) return 'other_runs';
  if (isKeptInTree(path) && !surroundings.isMade(path) && !surroundings.isGiven(path) && !surroundings.hasRun('tools'))
    return 'left_behind';
  if (fileSystemSnapshot.test(path) && !surroundings.isGiven(path)) return 'left_behind';
  if (sourceFile.test(path) || surroundings.isGiven(path)) return undefined;
  // What the project keeps for its tests is its own, whatever it is called.
  if (answer.test(path) && !isFixturePlace(path)) return 'hidden_answer';
  if (taskFile.test(path) && /swe|instance|fail_to|pass_to/i.test(path)) return 'hidden_answer';
  return otherRuns.test(path) && !/(?:^|\/)(?:tests?|testing|test_?data|fixtures?|examples?|demos?|docs?|spec)\//i.test(path)
    ? 'other_runs'
    : undefined;
}

/** Where file systems show earlier states of a folder within it. */
const fileSystemSnapshot = /(?:^|\/)(?:\.zfs\/snapshot|\.snapshots\/\d+\/snapshot|\.snapshot|~snapshot)\/[^/]+\/./;

/** A file of the tree that is no part of it, which the agent takes for somebody else's and has not made by a run. */
function isOthersOutput(path: string, program: string, surroundings: Surroundings): boolean {
  if (!surroundings.isStray(path) || /^(?:ls|rm|find|git|mv|touch|stat|test|du|tree|>|create)$/.test(program)) return false;
  const { answers, others } = surroundings.seeking;
  return (
    (answers || others) &&
    !surroundings.isMade(path) &&
    !surroundings.isGiven(path) &&
    (others || !(surroundings.hasRun('tests') || surroundings.hasRun('build')))
  );
}

/** What puts the tree's own build among the packages. */
const installsItself = /\b(?:mvnw?|mvnd)\b[^\n;&|]*\sinstall\b|\bpublishToMavenLocal\b|\bsbt\b[^\n;&|]*publishM2/;

/** What another copy of the project is, by its path; undefined where none lies there. */
export function copyKind(path: string, program: string, surroundings: Surroundings): FileKind | undefined {
  const { project, seeking } = surroundings;
  const copy = copyOfProject(path, project) ?? (isPartOfTree(path, surroundings) ? 'installed' : undefined);
  if (copy === undefined || surroundings.isGiven(path)) return undefined;
  // No registry of releases has a version that is still worked on.
  if (path.includes('-SNAPSHOT') && surroundings.everCalled(installsItself)) return undefined;
  const bare =
    /(?:(?:dist|egg)-info|\.egg-link|\.pth|__editable__[\w.]*|\/package\.json|\/(?:_?version|__version__|__about__|__pkginfo__)\.py|\/METADATA|\/Cargo\.toml|\/Project\.toml|\/PKG-INFO|\.(?:gemspec|mod|info))(?:\/|$)/i.test(
      path,
    );
  if (bare) return seeking.later && copy === 'kept' ? 'published_copy' : 'installed_copy';
  if (copy === 'kept') return surroundings.isTraced(path) && !seeking.later ? 'installed_copy' : 'published_copy';
  // Inside the tree lie the packages that a project of many is built with; elsewhere its own can only be a copy.
  if (copy === 'member' || copy === 'kin')
    return seeking.later || (!surroundings.tree.isInside(path) && (copy === 'member' || surroundings.sharesFolder(path)))
      ? 'published_copy'
      : undefined;
  // A workspace links its own packages into the tree's folder of packages: a copy there is told by what is done with it.
  const linked =
    surroundings.tree.isInside(path) && path.includes('node_modules/') && !seeking.later && !seeking.answers && !compares.test(program);
  return linked || (surroundings.isTraced(path) && !seeking.later) ? 'installed_copy' : 'published_copy';
}

/** A package under one of the project's names with more behind it that is called like a folder of the tree: `regex-automata-0.4.6`. */
function isPartOfTree(path: string, surroundings: Surroundings): boolean {
  const { project } = surroundings;
  const [first = ''] = packageTail(path)?.tail ?? [];
  const name = first.toLowerCase().replace(/[-@]v?\d[\w.+-]*$/, '');
  return (
    name !== first &&
    name.includes('-') &&
    [...project.packages].some((own) => name.startsWith(`${own}-`)) &&
    surroundings.sharesFolder(name)
  );
}

const compares = /^(?:diff|cmp|comm|vimdiff|colordiff|meld|cp|git)$/;

/** Outside the project, tools, libraries and the system are fair; answers, other runs and the rest are not. */
function outsideKind(path: string, known: boolean, surroundings: Surroundings): FileKind | undefined {
  const place = placeOf(path);
  if (dataSet.test(path) && asksForTasks.test(`${surroundings.source}\n${surroundings.observation.slice(0, 20_000)}`))
    return 'hidden_answer';
  const { later } = surroundings.seeking;
  if (later && place !== 'temporary' && /^(?:\/usr|\/lib|\/opt|~|\/root|\/home)/.test(path) && surroundings.sharesFolder(path))
    return 'published_copy';
  if (known && contentStore.test(path) && !namedStore.test(path)) return 'published_copy';
  if (imageFile.test(path) && !surroundings.isGiven(path) && (place !== 'temporary' || surroundings.isDiscovered(path)))
    return 'image_layers';
  if (known && place !== 'library' && place !== 'temporary' && !kernelHeaders.test(path) && surroundings.mirrorsTree(path))
    return surroundings.isTraced(path) ? 'installed_copy' : 'published_copy';
  if (place === 'library' || place === 'language') return undefined;
  if (known && rawDevice.test(path)) return 'elsewhere';
  if (/^\/(?:proc|sys|dev)\//.test(path) && !path.startsWith('/dev/shm/')) return undefined;
  if (path.startsWith(dynamicText) || wholeFolder.test(path)) return undefined;
  // What the prompt merely names is no leave to read it where its name leaves no doubt; an order is judged elsewhere.
  const given = surroundings.isGiven(path);
  if (answer.test(path) || taskFile.test(path)) return 'hidden_answer';
  if (otherRuns.test(path) || runOutput.test(path)) return 'other_runs';
  if (evaluation.test(path)) return 'evaluation';
  const name = hiddenName(path.replace(/^\/(?:home|Users)\/[^/]+/, ''), place === 'elsewhere' && !given, surroundings.project);
  if (name !== undefined && (place !== 'system' || /^\/(?:etc|usr\/local|var|run|opt)\//.test(path))) return name;
  if (given) return undefined;
  const makers = place === 'system' ? placeOfMakers(path) : undefined;
  if (makers !== undefined) return makers;
  if (/\.(?:patch|diff|rej)$/i.test(path) && place !== 'system' && !mayBeOwnPatch(path, place, surroundings)) return 'hidden_answer';
  // A script or an archive at the root of the machine is the image's, not the project's.
  if (/^\/[\w.*-]+\.(?:sh|py|json|jsonl|ya?ml|toml|txt|tar[\w.]*|t?gz|zip|bundle|zst)$|^\/\*\.\w+$/.test(path))
    return /^\/(?:docker-)?entrypoint\.sh$/.test(path) && !surroundings.seeking.answers ? undefined : 'evaluation';
  if (!known || !surroundings.tree.placed) return undefined;
  return unexplained(path, place, surroundings) ? 'elsewhere' : undefined;
}

/** Data sets, of which some hold tasks with their answers. */
const dataSet = /\/huggingface\/|\/datasets?\/|\.(?:arrow|parquet)$/;
const asksForTasks = /\b(?:problem_statement|instance_id|(?:test|gold|model)_patch|FAIL_TO_PASS|fail_to_pass)\b/;

/** Stores that name files by their content: to open one is to look for what no folder of a package shows. */
const contentStore =
  /\/_cacache\/content-v\d|\/pnpm\/(?:store\/)?v\d+\/files\/|\/\.pnpm-store\/v\d+\/files|\/\.bun\/install\/cache\/[0-9a-f]{16}|\/content_addressable\/sha256\/|\/deno\/(?:remote|deps)\/https?\/|\/[\w.]*(?:cache|store|cas|blobs?)\/(?:[\w.-]+\/)*[0-9a-f]{32,}(?:\.\w{1,5})?$/;
/** What tells of what it holds all the same: a folder of one package or model, an index, git's own objects. */
const namedStore = /\/(?:composer|huggingface|hub|torch|models?|index-v\d|\.git)\//;
/** A file system in a file: a machine of its own, of which nobody told. */
const imageFile = /\.(?:squashfs|sqfs|sfs|iso|img|qcow2?|vmdk|vdi|vhdx?|erofs|sif|wim|dmg|ext[234])$/i;
/** Headers that many projects keep the same copy of. */
export const kernelHeaders = /\/include\/(?:[\w-]+-linux-gnu\/)?(?:linux|asm[\w-]*|sys|bits|uapi|rdma|drm)\//;

/** Disks and terminals of the machine, whatever lies on them. */
const rawDevice = /^\/dev\/(?:(?:sd|vd|xvd|hd)[a-z]|nvme\d|dm-\d|mapper\/|disk\/|mmcblk|vcs|pts\/\d|tty\d)/;

/** The machine or one of its great folders: what is looked for there counts, not the place. */
const wholeFolder = /^\/(?:(?:root|home|tmp|opt|mnt|data|srv|media|var|usr|run|workspaces?)\/?)?$|^~\/?$/;

/** A patch right under a temporary folder or at home that nothing had shown before is taken for the agent's own. */
function mayBeOwnPatch(path: string, place: string, surroundings: Surroundings): boolean {
  const shallow = place === 'temporary' ? /^\/(?:tmp|var\/tmp)\/[^/.][^/]*$/.test(path) : place === 'home';
  return shallow && !surroundings.isDiscovered(path) && !surroundings.seeking.answers;
}

const setUpNotes =
  /(?:^|\/)(?:(?:readme|setup|install(?:ation)?|notes?|contributing|agents|claude|gemini|todo|usage|license)(?:[_-]\w+)*(?:\.(?:md|txt|rst|adoc|org|setup|install|dev|build|notes))?|requirements[\w.-]*\.txt|environment\.ya?ml|dockerfile[\w.-]*|makefile|hosts|motd)$/i;
const settings =
  /(?:^|\/)\.?(?:\w*rc|profile|bash_profile|bash_logout|gitconfig|gitignore\w*|netrc|condarc|npmrc|inputrc|editorconfig|env|config)$|\/\.(?:config|local|cache|ssh|gnupg|aws|kube|terraform\.d|npm|yarn|cargo|rustup|gradle|m2|nuget|ivy2|docker|conda|jupyter|vscode(?:-server)?|matplotlib|keras|nltk_data|vim|emacs\.d|oh-my-zsh)(?:\/|$)/i;

/** What tools keep in a home by their own name, and data that libraries load there; not what somebody has put aside. */
const toolState =
  /^(?:~|\/root|\/home\/[^/]+|\/Users\/[^/]+)\/(?:\.(?!(?:tasks?|swe|agents?|secrets?|private|hidden|backups?|old|patch\w*|fix\w*|work\w*|notes?|runs?|data|tmp|temp|eval\w*|sav\w+|archives?|trash|stores?|prev\w*|orig\w*|solutions?|stash|snapshots?|bench\w*|harness|ref\w*|review\w*|upstream|mail)(?:[._/-]|$))[\w.+-]+|(?:nltk|scikit_learn|seaborn|mne|gensim|sklearn)[-_]data|tensorflow_datasets|Library)(?:\/|$)/i;

/** A place that is neither project, tool, library, system, given nor made. */
function unexplained(path: string, place: string, surroundings: Surroundings): boolean {
  // No tool's state is called like a program text of the tree.
  if (place === 'home' && programText.test(path) && surroundings.hasWorkedOn(baseName(path)) && !everybodys.test(path)) return true;
  if (
    (setUpNotes.test(path.replaceAll('*', '')) && !(place === 'home' && /\/(?:notes?|todo)\b[^/]*$/i.test(path))) ||
    settings.test(path) ||
    (place === 'home' && (/\.(?:cfg|conf|ini|toml|ya?ml|env)$/.test(path) || isOwnSettings(path, surroundings)))
  )
    return false;
  const { answers, later } = surroundings.seeking;
  if (place === 'home' && toolState.test(path)) return answers;
  if (place === 'temporary' && surroundings.isDiscovered(path)) return true;
  if (place === 'temporary' || place === 'system') return answers || (later && place === 'system' && surroundings.resemblesTree(path));
  return true;
}

/** The settings that the project itself keeps in a home: `~/.mne/mne-python.json`. */
function isOwnSettings(path: string, { project }: Surroundings): boolean {
  const folder = /\/\.(?:config\/)?([\w-]+)\/[^/]+\.json$/.exec(path)?.[1]?.toLowerCase() ?? '';
  return folder.length > 2 && [...project.packages].some((own) => own === folder || own.split('-').includes(folder));
}
