import { readErrorBody } from './error-body.ts';
import { pageWords } from './page-words.ts';
import { ServerError } from './server-error.ts';

/** The error of an answer whose HTTP status says that it is one. */
export function errorOfStatus(status: number, body: string, retryAfterMs: number | undefined): ServerError {
  const said = readErrorBody(body.trimStart().startsWith('<') ? pageWords(body, 400) : body);
  const message = `${status} ${said?.message ?? 'without a word'}`;
  return new ServerError(message, { status, code: said?.code ?? '', retryAfterMs: retryAfterMs ?? said?.retryAfterMs });
}
