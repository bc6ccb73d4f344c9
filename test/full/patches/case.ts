import type { LeftOutFile } from '../../../schemas/left-out.ts';

/** What an agent may mix a right fix with. It is judged 1 all the same. */
export interface PatchCase {
  /** As the table in docs/verification.md names it. */
  name: string;
  /** Runs in the repository, after the fix. */
  agent: string;
  /** Must hold where the tests run: that the rest of the change is there too. */
  holds?: string;
  /** Files that no patch can take. */
  leftOut?: [path: string, reason: LeftOutFile['reason']][];
}
