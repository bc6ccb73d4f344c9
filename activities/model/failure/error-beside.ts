import { readErrorBody } from './error-body.ts';
import { ServerError } from './server-error.ts';

/** Codes with which servers say that nothing is wrong. */
const noError = new Set<unknown>([undefined, null, '', 0, '0', 200, '200', 'success', 'ok', 'OK', 'Success']);

/**
 * The error in something that came under a good status: in an answer, or in an event of a stream. Undefined where it holds none.
 * `named`: the event itself was called an error.
 */
export function errorBeside(value: unknown, named = false): ServerError | undefined {
  if (Array.isArray(value)) return value.map((entry: unknown) => errorBeside(entry, named)).find((error) => error !== undefined);
  if (typeof value !== 'object' || value === null) return named ? errorOf(value) : undefined;
  const fields = new Map<string, unknown>(Object.entries(value));
  if (isError(fields.get('error'))) return errorOf(value);
  const response = asFields(fields.get('base_resp'));
  if (response !== undefined && !noError.has(response.get('status_code'))) return errorOf(value);
  const choices: unknown = fields.get('choices');
  if (Array.isArray(choices) && choices.length > 0) return choices.map(errorInChoice).find((found) => found !== undefined);
  const says = named || fields.get('object') === 'error' || fields.get('type') === 'error' || fields.get('success') === false;
  return says || saysWhat(fields) ? errorOf(value) : undefined;
}

/** OpenRouter puts what the server behind it said beside the choice. */
function errorInChoice(choice: unknown): ServerError | undefined {
  if (typeof choice !== 'object' || choice === null || !('error' in choice)) return undefined;
  return isError(choice.error) ? errorOf({ error: choice.error }) : undefined;
}

function isError(error: unknown): boolean {
  if (typeof error === 'string') return error.trim() !== '';
  const fields = asFields(error);
  if (fields === undefined || fields.size === 0) return false;
  return !noError.has(fields.get('code')) || Boolean(fields.get('message')) || Boolean(fields.get('type'));
}

function asFields(value: unknown): ReadonlyMap<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? new Map<string, unknown>(Object.entries(value)) : undefined;
}

/** Whether an object without choices is the body of an error. */
function saysWhat(fields: ReadonlyMap<string, unknown>): boolean {
  if (Array.isArray(fields.get('errors'))) return true;
  const code = fields.get('code') ?? fields.get('error_code') ?? fields.get('status_code');
  const says = ['message', 'msg', 'detail', 'error_msg', 'error_message'].some((name) => {
    const said = fields.get(name);
    return (typeof said === 'string' && said !== '') || (name === 'detail' && Array.isArray(said));
  });
  return says && (!noError.has(code) || !(fields.has('code') || fields.has('status_code')));
}

function errorOf(value: unknown): ServerError {
  const said = readErrorBody(value);
  if (said === undefined) return new ServerError('the server sent an error that says nothing', { status: undefined, code: '' });
  const { message, ...rest } = said;
  return new ServerError(message, rest);
}
