import type { Language } from '../../../../schemas/names.ts';
import type { Tree } from '../tree.ts';
import { cargoTooling, cmakeTooling, composerTooling, goTooling, gradleTooling, mavenTooling } from './compiled.ts';
import { pythonTooling } from './python.ts';
import { scriptTooling } from './scripts.ts';
import type { ReadTooling, Tooling } from './tooling.ts';

const readers: ReadTooling[] = [
  pythonTooling,
  goTooling,
  scriptTooling,
  cargoTooling,
  mavenTooling,
  gradleTooling,
  composerTooling,
  cmakeTooling,
];

/** How a repository's parts in one language are built and tested; undefined where its files show nothing of it. */
export async function findTooling(tree: Tree, language: Language): Promise<Tooling | undefined> {
  for (const read of readers) {
    const tooling = await read(tree);
    if (tooling?.languages.includes(language) === true) return tooling;
  }
  return undefined;
}
