import { messageOf, Problem } from '../../schemas/problem.ts';

/** The container or its engine is lost; what the rollout did must be replayed in a fresh container. */
export class SandboxGone extends Problem {
  constructor(what: string, cause?: unknown) {
    const reason = cause === undefined ? '' : `: ${messageOf(cause)}`;
    super('sandbox_gone', `${what} is gone${reason}`, {
      hint: 'the rollout continues in a fresh container; if this repeats, look at the container engine with `tracemill doctor`',
      ...(cause === undefined ? {} : { cause }),
    });
    this.name = 'SandboxGone';
  }
}
