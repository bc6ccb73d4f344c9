import type { Git } from './git.ts';

/** Files of one commit. */
export interface Tree {
  /** All paths. */
  paths: ReadonlySet<string>;
  /** A file's text; undefined where there is none, or it is a folder. */
  read(path: string): Promise<string | undefined>;
}

/** Reads the files of a commit, not those of the work tree. */
export async function treeOf(git: Git, commit: string): Promise<Tree> {
  const listed = await git('ls-tree', '-r', '-z', '--name-only', '--full-tree', commit);
  const paths = new Set(listed.split('\0').filter((path) => path !== ''));
  return {
    paths,
    read: async (path) => (paths.has(path) ? await git('cat-file', 'blob', `${commit}:${path}`) : undefined),
  };
}
