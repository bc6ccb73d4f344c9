import { confirm } from '../../cli/confirm.ts';
import { interruption, wasInterrupted } from '../../cli/interrupt.ts';

/** A command that only asks, for a terminal of its own: prints the answer, and whether it was interrupted. */
const answer = await confirm('start?', interruption());
process.stdout.write(`answer ${String(answer)}, interrupted ${String(wasInterrupted())}\n`);
