import { expect, it } from 'vitest';
import { imageRemarks } from '../../activities/sandbox/image-remarks.ts';
import { PreparedImage } from '../../schemas/prepared-image.ts';

const plain = PreparedImage.parse({
  image_id: 'sha256:1',
  tag: 'tracemill/clean:1',
  source: { name: 'owner/widget:1', id: 'sha256:2', digest: null },
  base_commit: 'a'.repeat(40),
  workdir: '/widget',
  shell: 'bash',
  removed: { refs: 0, tags: 0, commits: 0, objects: 0, remotes: 0, reflog_entries: 0 },
  reset_files: [],
  excluded_files: 0,
  other_repositories: [],
});
const start: NonNullable<PreparedImage['shell_start']> = {
  ending: 'read',
  login_ending: 'read',
  variables: [],
  left_out: [],
  functions: 0,
};

it('says nothing of an image without oddities', () => {
  expect(imageRemarks(plain)).toEqual([]);
  expect(imageRemarks({ ...plain, shell_start: start })).toEqual([]);
});

it('says who runs there, and what the start files do not give', () => {
  const shell_start = { ...start, ending: 'exited' as const, left_out: ['BANNER'] };
  const remarks = imageRemarks({ ...plain, user: { name: 'app', uid: 1000, gid: 1001 }, shell_start });
  expect(remarks.map(({ code }) => code)).toEqual(['image_user', 'image_start_files', 'image_variables']);
  expect(remarks[0]?.message).toContain('app (uid 1000, gid 1001)');
  expect(remarks[1]?.message).toContain('exited');
  expect(remarks[2]?.message).toContain('BANNER');
});

it('names a login that does not end, too', () => {
  const shell_start = { ...start, login_ending: 'timed_out' as const };
  expect(imageRemarks({ ...plain, shell_start })[0]?.message).toContain('timed_out');
});

it('names what was removed with its history, and contents that are not there', () => {
  const remarks = imageRemarks({ ...plain, removed_copies: ['/cache/widget.git'], large_files: { count: 3, pointers: 2 } });
  expect(remarks.map(({ code }) => code)).toEqual(['image_copies', 'image_large_files']);
  expect(remarks[0]?.message).toContain('/cache/widget.git');
  expect(remarks[1]?.message).toContain('2 of 3 files');
  expect(imageRemarks({ ...plain, removed_copies: [], large_files: { count: 3, pointers: 0 } })).toEqual([]);
});
