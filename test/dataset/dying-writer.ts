import fs, { promises } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Replaces the release in a folder and dies just before its n-th change to the file system:
 * `node dying-writer.ts FOLDER N`. Ends with 0 when it has made fewer changes.
 */
const [, , folder = '', last = ''] = process.argv;
let changes = 0;

function countChange(): void {
  changes += 1;
  if (changes === Number(last)) process.kill(process.pid, 'SIGKILL');
}

const { renameSync } = fs;
fs.renameSync = (...args) => {
  countChange();
  renameSync(...args);
};
const { rm, mkdir, open } = promises;
promises.rm = async (...args) => {
  countChange();
  await rm(...args);
};
promises.open = async (...args) => {
  countChange();
  return await open(...args);
};
promises.mkdir = new Proxy(mkdir, {
  apply(target, self, args) {
    countChange();
    return Reflect.apply(target, self, args);
  },
});
syncBuiltinESMExports();

const { localReleaseFolder } = await import('../../activities/dataset/local-release-folder.ts');
await localReleaseFolder(folder).replace(async (draft) => {
  for (const path of ['data/a/rows', 'data/b/rows', 'manifest.json']) {
    const file = await draft.create(path);
    await file.write(Buffer.from('new'));
    await file.close();
  }
});
