import type { ActionResult } from '../../schemas/journal-entry.ts';

/** The result of an action that has ended and left nothing to read on: `started` is of `performance.now()`. */
export function endedResult(
  { status, exit_code, output }: Pick<ActionResult, 'status' | 'exit_code' | 'output'>,
  started: number,
): ActionResult {
  return {
    status,
    exit_code,
    output,
    output_offset: 0,
    truncated: false,
    cwd: null,
    duration_ms: performance.now() - started,
    limit: null,
  };
}
