import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { JobNeeds, type JobSpec } from '../../schemas/job.ts';

/**
 * A program that behaves as a trainer: it goes on from its checkpoint, counts steps, writes a checkpoint on USR1, and ends
 * when a file says how. `starts` has a line for each time that it was started, `working` is there while it runs: a second one
 * at the same time is seen by `twice`.
 */
const program = `
step=$(cat checkpoint 2>/dev/null || echo 0)
trap 'echo $step >checkpoint; echo "checkpoint at step $step"; rm -f working; exit 0' USR1
[ ! -e working ] || echo "$(cat working) $$" >>twice
echo $$ >working
echo "from $step by $$" >>starts
echo "begins at step $step"
until [ -e finish ]; do step=$((step + 1)); echo $step >progress; sleep 0.05 & wait $!; done
echo "ends at step $step"
cat words 2>/dev/null
rm -f working
exit "$(cat finish)"
`;

/** One job of that program, in its run folder. */
export class Trainer {
  readonly spec: JobSpec;

  constructor(
    folder: string,
    name: string,
    more: { needs?: Partial<JobNeeds>; grace_seconds?: number; environment?: Record<string, string>; program?: string } = {},
  ) {
    const run = join(folder, name);
    mkdirSync(run, { recursive: true });
    this.spec = {
      name,
      kind: 'training',
      folder: run,
      command: ['sh', '-c', more.program ?? program],
      environment: more.environment ?? {},
      needs: JobNeeds.parse({ memory_mb_per_node: 64, ...more.needs }),
      grace_seconds: more.grace_seconds ?? 20,
      image: null,
      spec_sha256: createHash('sha256')
        .update(JSON.stringify({ name, ...more }))
        .digest('hex'),
    };
  }

  /** Lets the program end by itself. `words`: its last output. */
  finish(exitCode = 0, words = ''): void {
    if (words !== '') writeFileSync(join(this.spec.folder, 'words'), `${words}\n`);
    writeFileSync(join(this.spec.folder, 'finish'), `${exitCode}\n`);
  }

  /** `from <step> by <pid>` for each start of the program. */
  starts(): string[] {
    return this.lines('starts');
  }

  /** Starts that found another one at work. */
  twice(): string[] {
    return this.lines('twice');
  }

  /** Process of the newest start. */
  pid(): number {
    return Number(this.starts().at(-1)?.split(' ').at(-1));
  }

  /** The killed one could not remove its mark. */
  forgetKilled(): void {
    writeFileSync(join(this.spec.folder, 'killed'), this.#text('working'));
    this.remove('working');
  }

  step(): number {
    return Number(this.#text('progress'));
  }

  checkpoint(): number {
    return Number(this.#text('checkpoint') || Number.NaN);
  }

  output(): string {
    return this.#text('output.log');
  }

  remove(file: string): void {
    rmSync(join(this.spec.folder, file), { force: true });
  }

  /** Lines of a file in its run folder. */
  lines(file: string): string[] {
    return this.#text(file)
      .split('\n')
      .filter((line) => line !== '');
  }

  #text(file: string): string {
    const path = join(this.spec.folder, file);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  }
}
