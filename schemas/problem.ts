/**
 * The one error that Tracemill raises on purpose: what happened, to which thing, and what to do next.
 * `code` is stable and documented; `hint` is shown on a line of its own; `retryAfterMs` is how long another try
 * should wait, in milliseconds, where that is known.
 */
export class Problem extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The text of anything thrown, for logs and messages. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
