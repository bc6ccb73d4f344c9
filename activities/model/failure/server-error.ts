/** What a server said instead of an answer: with a status of its own, or in the middle of an answer that began well. */
export class ServerError extends Error {
  /** HTTP status, or what the error itself says it would be; undefined where neither is known. */
  readonly status: number | undefined;
  /** All codes and types that the error names, separated by blanks. */
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    { status, code, retryAfterMs }: { status: number | undefined; code: string; retryAfterMs?: number | undefined },
  ) {
    super(message);
    this.name = 'ServerError';
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
