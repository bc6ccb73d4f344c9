/**
 * The one error that Tracemill raises on purpose: what happened, to which thing, and what to do next.
 * `code` is stable and documented; `hint` is shown on a line of its own; `retryAfterMs` is how long another try
 * should wait, in milliseconds, where that is known; `final`: another try is not wanted, whatever the code.
 */
export class Problem extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly final: boolean;

  constructor(code: string, message: string, options: { hint?: string; cause?: unknown; retryAfterMs?: number; final?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.code = code;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
    this.final = options.final ?? false;
  }
}

/** The text of anything thrown, for logs and messages. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
