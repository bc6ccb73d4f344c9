import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { localReleaseFolder } from '../../activities/dataset/index.ts';
import { type FileView, openView } from './files/open-view.ts';
import { openReleaseView } from './release/open-release-view.ts';

/** A folder that is a release as one, with its ledger; everything else as files. Throws what these throw. */
export async function openAnyView(paths: readonly string[]): Promise<FileView> {
  const [path] = paths;
  const isRelease = paths.length === 1 && path !== undefined && existsSync(join(path, 'manifest.json')) && existsSync(join(path, 'data'));
  return isRelease ? await openReleaseView(localReleaseFolder(path)) : await openView(paths);
}
