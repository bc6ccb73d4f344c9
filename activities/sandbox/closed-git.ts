import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Lines of a shell behind which `git` follows no configuration but that of the repository it is given; see the program. */
export const closedGit = readFileSync(join(import.meta.dirname, 'programs', 'closed-git.sh'), 'utf8');
