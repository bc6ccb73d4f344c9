import { quote } from '../../../../platform/quote.ts';
import type { Assignment } from '../../assignment.ts';
import type { Say } from '../../templates/render.ts';

/** Ends the run wherever it is printed. */
export const submissionMarker = '<<SWE_AGENT_SUBMISSION>>';
export const forfeitMarker = '###SWE-AGENT-EXIT-FORFEIT###';

/** Names of the review texts in their order, from stage 0 on. */
export const reviewName = (stage: number) => (stage === 0 ? 'submit_review' : `submit_review_${stage + 1}`);

/** `submit` with its reviews: each call but the last shows the change and asks to look at it again. */
export class Submission {
  /** Stages everything, as upstream does, and prints the change against the base commit. */
  readonly command: string;
  readonly #assignment: Assignment;
  readonly #say: Say;
  readonly #has: (text: string) => boolean;
  #stage = 0;

  constructor(assignment: Assignment, say: Say, has: (text: string) => boolean) {
    this.#assignment = assignment;
    this.#say = say;
    this.#has = has;
    this.command = `(cd ${quote(assignment.workdir)} && git add -A && git --no-pager diff --no-color --no-ext-diff --cached ${assignment.base_commit})`;
  }

  /** The review of the present stage, or null when the change is submitted. */
  next(diff: string): string | null {
    if (!this.#has(reviewName(this.#stage))) return null;
    const { problem_statement, workdir } = this.#assignment;
    const review = this.#say(reviewName(this.#stage), { diff, problem_statement, working_dir: workdir });
    this.#stage += 1;
    return review;
  }
}
