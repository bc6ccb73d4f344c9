import type { Language } from '../../../../schemas/names.ts';
import type { Tree } from '../tree.ts';

/** How a repository is built and tested, as far as its files show it. */
export interface Tooling {
  languages: readonly Language[];
  /** The files and settings that it was read from, for people. */
  from: string;
  /** Shell lines that bring what the tests need into an image, run at the top of the repository while there is a network. */
  install: string[];
  /** Test commands. Empty where the files do not show how tests are run. */
  test: string[];
  /** Name of the log parser; undefined where none is known for the test tool. */
  parser: string | undefined;
  /** A public image with the language's tools, for those whose engine reaches a registry. */
  publicImage: string;
}

/** Reads one kind of build files; undefined where the repository has none. */
export type ReadTooling = (tree: Tree) => Promise<Tooling | undefined>;

/** Brings Debian packages where a program is missing; an image that has it is left alone. The first set that the release has is taken. */
export function needs(program: string, ...choices: string[]): string {
  const install = (packages: string) => `DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ${packages}`;
  return `command -v ${program} >/dev/null || { apt-get update -q && { ${choices.map(install).join(' || ')}; }; }`;
}
