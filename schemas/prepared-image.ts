import { z } from 'zod';
import { CommitHash } from './names.ts';

const count = z.int().min(0);

/** What cleaning took out of the repository. */
const RemovedHistory = z.object({
  /** Branches and other references beside tags; one is left. */
  refs: count,
  tags: count,
  /** Commits that the base commit does not descend from. */
  commits: count,
  /** Objects of all kinds that the base commit does not reach. */
  objects: count,
  remotes: count,
  reflog_entries: count,
});

/**
 * `read`: to their end. `exited`: they ended the shell. `replaced`, `timed_out`: they put another program in its place, or did
 * not end. What they had set by then is kept, unless nothing can be known of it.
 */
const StartEnding = z.enum(['no_bash', 'read', 'exited', 'replaced', 'timed_out']);

/** What the start files of the image's interactive shells added to the environment of its containers. */
const ShellStart = z.object({
  /** Of `~/.bashrc` and the system's. */
  ending: StartEnding,
  /** Of `/etc/profile` and `~/.bash_profile`, which login shells read. */
  login_ending: StartEnding.optional(),
  /** Names of the variables that were added or changed. */
  variables: z.array(z.string()),
  /** Variables that an image cannot keep: values of several lines, or too large ones. */
  left_out: z.array(z.string()),
  functions: count,
});

/** The image's USER, where that is not root: whose the processes of its containers are, and its work tree. */
const ImageUser = z.object({
  /** As the image has it: a name or number, with or without a group. */
  name: z.string().min(1),
  uid: count,
  gid: count,
});
export type ImageUser = z.infer<typeof ImageUser>;

/** Files of the base commit that Git LFS keeps apart. */
const LargeFiles = z.object({
  count,
  /** Pointers still, since the image does not have their contents. */
  pointers: count,
});

/** A task's clean image: its repository holds the base commit and what that descends from, and nothing else. */
export const PreparedImage = z.object({
  /** Id of the derived image, `sha256:…`; what containers are made of. */
  image_id: z.string().min(1),
  tag: z.string().min(1),
  source: z.object({
    name: z.string().min(1),
    id: z.string().min(1),
    /** `repository@sha256:…` where the image came from a registry. */
    digest: z.string().nullable(),
  }),
  base_commit: CommitHash,
  workdir: z.string().startsWith('/'),
  /** What runs the agent's commands. */
  shell: z.enum(['bash', 'sh']),
  shell_start: ShellStart.optional(),
  user: ImageUser.optional(),
  removed: RemovedHistory,
  /** Tracked files that the image's build had changed and cleaning set back to the base commit; at most 200 are named. */
  reset_files: z.array(z.string()),
  /** Untracked files that the image's build had left; kept, and excluded from patches. */
  excluded_files: count,
  /** Other repositories or packs in the image, which cleaning leaves alone; at most 50. */
  other_repositories: z.array(z.string()),
  /** Other repositories and work trees that had the base commit, and so its later history too: that is removed, files are not; at most 50. */
  removed_copies: z.array(z.string()).optional(),
  large_files: LargeFiles.optional(),
});
export type PreparedImage = z.infer<typeof PreparedImage>;
