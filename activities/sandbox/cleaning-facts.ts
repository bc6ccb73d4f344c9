import { z } from 'zod';
import type { PreparedImage } from '../../schemas/prepared-image.ts';

/** Labels of an image are small; what does not fit shows up in patches. */
const patternsLimit = 48 * 1024;

export interface CleaningFacts {
  record: Pick<PreparedImage, 'shell' | 'removed' | 'reset_files' | 'excluded_files' | 'other_repositories'>;
  /** Lines for an exclude file that name what installation left untracked. */
  excludePatterns: string;
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
  const facts = new Map<string, string>();
  const lists: Record<string, string[]> = { reset: [], exclude: [], other: [] };
  for (const line of output.split('\n')) {
    const tab = line.indexOf('\t');
    if (tab === -1) continue;
    const [name, value] = [line.slice(0, tab), line.slice(tab + 1)];
    const list = lists[name];
    if (list === undefined) facts.set(name, value);
    else list.push(value);
  }
  const counts = Counts.safeParse(Object.fromEntries(facts));
  if (!counts.success) return undefined;
  const { refs, tags, remotes, reflog_entries, all_objects, all_commits, kept_objects, kept_commits, shell } = counts.data;
  const { reset = [], exclude = [], other = [] } = lists;
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
      reset_files: reset.slice(0, 200),
      excluded_files: exclude.length,
      other_repositories: other,
    },
    excludePatterns: patterns(exclude),
  };
}

/** Git quotes paths with unusual characters; those are left out of the patterns. */
function patterns(paths: string[]): string {
  let text = '';
  for (const path of paths) {
    if (path.startsWith('"')) continue;
    const pattern = `/${path.replaceAll(/[\\*?[\]]/g, '\\$&').replace(/ $/, '\\ ')}\n`;
    if (text.length + pattern.length > patternsLimit) break;
    text += pattern;
  }
  return text;
}
