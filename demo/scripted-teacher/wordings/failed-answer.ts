/** An answer that is none. */
export interface FailedAnswer {
  status: number;
  /** JSON, or text as it is. */
  body: unknown;
  retryAfter?: string;
  /** As an event of a stream that has begun well. */
  stream?: boolean;
}
