import { z } from 'zod';
import type { PreparedImage } from '../../schemas/prepared-image.ts';

/** What the cleaning program counted. */
export interface CleaningFacts {
  record: Pick<PreparedImage, 'shell' | 'removed'>;
  /** Variables of the image's environment that led git to other places. */
  variables: string[];
}

const Counts = z.object({
  refs: z.coerce.number().int().min(0),
  tags: z.coerce.number().int().min(0),
  remotes: z.coerce.number().int().min(0),
  reflog_entries: z.coerce.number().int().min(0),
  all_objects: z.coerce.number().int().min(0),
  all_commits: z.coerce.number().int().min(0),
  kept_objects: z.coerce.number().int().min(0),
  kept_commits: z.coerce.number().int().min(0),
  shell: z.enum(['bash', 'sh']),
  end: z.literal('1'),
});

/** Reads what the cleaning program printed; undefined when it did not come to its end. */
export function cleaningFacts(output: string): CleaningFacts | undefined {
  const lines = output.split('\n').flatMap((line) => {
    const tab = line.indexOf('\t');
    return tab === -1 ? [] : [[line.slice(0, tab), line.slice(tab + 1)] as const];
  });
  const counts = Counts.safeParse(Object.fromEntries(lines));
  if (!counts.success) return undefined;
  const { refs, tags, remotes, reflog_entries, all_objects, all_commits, kept_objects, kept_commits, shell } = counts.data;
  return {
    record: {
      shell,
      removed: {
        refs: Math.max(0, refs - 1),
        tags,
        remotes,
        reflog_entries,
        commits: Math.max(0, all_commits - kept_commits),
        objects: Math.max(0, all_objects - kept_objects),
      },
    },
    variables: lines.flatMap(([name, value]) => (name === 'variable' ? [value] : [])),
  };
}
