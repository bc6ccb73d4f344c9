import { isUtf8 } from 'node:buffer';
import type { LeftOut, LeftOutFile } from '../../schemas/left-out.ts';
import { changedConversions } from './changed-conversions.ts';
import type { TakenPatch } from './contract.ts';
import type { ImageFiles } from './image-files.ts';
import type { PatchIndex, Survey, Taken } from './patch-index.ts';
import type { BytePath, Changed, Difference } from './patch-lists.ts';
import { undoing, withoutRoom } from './patch-room.ts';
import { binaryAttributes } from './patch-text.ts';

/** Of the files that are left out, so many are named. */
const namedFiles = 50;

type Reasons = Map<BytePath, LeftOutFile['reason']>;

/**
 * Puts the change of a work tree together and gives it as a patch. What counts is the work tree: tracked files as they are
 * now; new files that no ignore rule covers, also those in repositories within the repository; and new files that the agent
 * staged or committed although they are ignored. What the image has beside the commit was installed and is none of it.
 * Contents are converted as the commit's own .gitattributes say. A file that cannot be taken costs no other one its place:
 * it is named in `left_out`.
 */
export async function changeOfWorkTree(index: PatchIndex, image: ImageFiles): Promise<TakenPatch> {
  const survey = await index.survey();
  const found = await newFiles(index, survey);
  const conversions = survey.changed === null ? await conversionsOf(index, found.paths) : '';
  const changed = survey.changed ?? (await index.changed(conversions));
  const installed = await installedAmong(image, found, changed);
  const reasons: Reasons = new Map();
  for (const path of await changedSubmodules(index, image, survey.gitlinks)) reasons.set(path, 'submodule');

  const wanted = [
    ...found.paths.filter((path) => !installed.has(path) || found.added.has(path)),
    ...changed.filter(({ status }) => status !== 'D').map(({ path }) => path),
  ];
  const untouched = await untouchedAmong(image, index, survey);
  const paths = readable(wanted, survey, reasons).filter((path) => !untouched.has(path));
  for (const path of untouched) reasons.delete(path);
  const taken = await index.take({ paths, ...missingFiles(changed, survey) });
  for (const path of taken.refused) {
    const reason = reasonOf(path, taken.errors);
    if (reason !== undefined) reasons.set(path, reason);
  }
  const sinceStart = await withoutBaseline(index, taken);
  const own = await withoutInstalled(
    index,
    image,
    sinceStart,
    [...installed].filter((path) => found.added.has(path)),
  );
  const patch = await patchText({ index, taken: own, added: found.added, conversions, reasons });
  return withLeftOut(patch, reasons);
}

interface NewFiles {
  paths: BytePath[];
  /** Staged or committed by the agent. */
  added: Set<BytePath>;
  /** Covered by no ignore rule. */
  visible: Set<BytePath>;
}

async function newFiles(index: PatchIndex, survey: Survey): Promise<NewFiles> {
  const repositories = survey.untracked.filter((path) => path.endsWith('/'));
  const nested = repositories.length === 0 ? [] : await index.inside(repositories);
  const visible = new Set([...survey.untracked.filter((path) => !path.endsWith('/')), ...nested]);
  const isNew = ({ status, mode, path }: Difference) => status === 'A' && mode !== '160000' && !isIn(path, survey.gitlinks);
  const added = new Set(survey.staged.filter(isNew).map(({ path }) => path));
  return { paths: [...new Set([...visible, ...added])], added, visible };
}

function isIn(path: BytePath, folders: BytePath[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}

async function conversionsOf(index: PatchIndex, paths: BytePath[]): Promise<string> {
  const { before, after } = await index.attributes(paths);
  return changedConversions(before, after);
}

/** New files that the image had before the agent came: they show once ignore rules change, or are staged with the rest. */
async function installedAmong(image: ImageFiles, { paths, added, visible }: NewFiles, changed: Changed[]): Promise<Set<BytePath>> {
  const rulesChanged = [...changed.map(({ path }) => path), ...paths].some((path) => /(^|\/)\.gitignore$/.test(path));
  const suspects = rulesChanged ? paths : [...added].filter((path) => !visible.has(path));
  return suspects.length === 0 ? new Set() : image.among(suspects);
}

/** Files of submodules are part of no patch; those that the agent changed can only be told. */
async function changedSubmodules(index: PatchIndex, image: ImageFiles, folders: BytePath[]): Promise<BytePath[]> {
  if (folders.length === 0) return [];
  const [here, there] = [await index.fingerprints(folders), await image.fingerprints(folders)];
  return folders.filter((folder) => here.get(folder) !== there.get(folder));
}

/** Without those that are no files or too large, for which it notes the reasons. */
function readable(wanted: BytePath[], { large, special, gitlinks }: Survey, reasons: Reasons): BytePath[] {
  const [tooLarge, notFiles] = [new Set(large), new Set(special)];
  for (const path of special) if (!isIn(path, gitlinks)) reasons.set(path, 'not_a_file');
  for (const path of wanted) if (tooLarge.has(path)) reasons.set(path, 'too_large');
  return wanted.filter((path) => !tooLarge.has(path) && !notFiles.has(path));
}

/** Files of a sparse work tree are missing there, but not removed: the agent's index has them as they should be. */
function missingFiles(changed: Changed[], { skipped, staged }: Survey): { gone: BytePath[]; stored: Difference[] } {
  const notCheckedOut = new Set(skipped);
  return {
    gone: changed.filter(({ path, status }) => status === 'D' && !notCheckedOut.has(path)).map(({ path }) => path),
    stored: staged.filter(({ path, status }) => status !== 'D' && notCheckedOut.has(path)),
  };
}

/** What looked changed before the agent was there, such as contents of Git LFS, is taken back from the commit. */
async function withoutBaseline(index: PatchIndex, taken: Taken): Promise<Taken> {
  const word = ({ path, mode, object }: Difference) => `${mode} ${object} ${path}`;
  const known = new Set(index.baseline.map(word));
  const unchanged = taken.differences.filter((difference) => known.has(word(difference)));
  return unchanged.length === 0 ? taken : index.take(undoing(unchanged));
}

/** Files too large to be read that are as in the image. */
async function untouchedAmong(image: ImageFiles, index: PatchIndex, { large }: Survey): Promise<Set<BytePath>> {
  const known = new Set(index.baseline.map(({ path }) => path));
  const suspects = large.filter((path) => known.has(path));
  if (suspects.length === 0) return new Set();
  const [here, there] = [await index.fingerprints(suspects), await image.fingerprints(suspects)];
  return new Set(suspects.filter((path) => here.get(path) === there.get(path)));
}

/** What the agent staged together with the rest, but left as it was installed, goes out again. */
async function withoutInstalled(index: PatchIndex, image: ImageFiles, taken: Taken, paths: BytePath[]): Promise<Taken> {
  if (paths.length === 0) return taken;
  const objects = await image.objects(paths);
  const now = new Map(taken.differences.map(({ path, mode, object }) => [path, `${mode} ${object}`]));
  return index.take({ gone: paths.filter((path) => objects.get(path) === now.get(path)) });
}

/** Undefined where nothing is lost: the path is a folder whose files come by themselves, or lies behind a link. */
function reasonOf(path: BytePath, errors: string): LeftOutFile['reason'] | undefined {
  const said = errors.split('\n').filter((line) => line.includes(path));
  if (said.some((line) => /is a directory|beyond a symbolic link/.test(line))) return undefined;
  return said.some((line) => /encod|BOM/.test(line)) ? 'encoding' : 'refused';
}

interface PatchParts {
  index: PatchIndex;
  taken: Taken;
  added: ReadonlySet<BytePath>;
  conversions: string;
  reasons: Reasons;
}

async function patchText({ index, taken, added, conversions, reasons }: PatchParts): Promise<string> {
  const binary = new Set<string>();
  for (let latest = taken; ; ) {
    const dropped = await withoutRoom(index, latest, added);
    if (dropped.length > 0) {
      for (const { path } of dropped) reasons.set(path, 'too_large');
      latest = await index.take(undoing(dropped));
      continue;
    }
    const diff = latest.diff ?? Buffer.alloc(0);
    if (isUtf8(diff)) return diff.toString('utf8');
    const known = binary.size;
    for (const line of binaryAttributes(diff)) binary.add(line);
    if (binary.size === known) binary.add('* -diff\n');
    latest = await index.take({ attributes: conversions + [...binary].join('') });
  }
}

function withLeftOut(patch: string, reasons: Reasons): TakenPatch {
  if (reasons.size === 0) return { patch };
  const named = [...reasons].sort(([one], [other]) => (one < other ? -1 : 1)).slice(0, namedFiles);
  const files = named.map(([path, reason]) => ({ path: Buffer.from(path, 'latin1').toString('utf8'), reason }));
  const left_out: LeftOut = { count: reasons.size, files };
  return { patch, left_out };
}
