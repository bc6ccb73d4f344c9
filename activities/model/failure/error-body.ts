import { statusOfNames, statusOfNumber } from './status-of-code.ts';

/** What an error body says, in whatever form it says it. */
export interface SaidError {
  /** The HTTP status that it names, by number or by word. */
  status: number | undefined;
  /** Codes and types, separated by blanks. */
  code: string;
  message: string;
  retryAfterMs: number | undefined;
}

/** Fields in which servers put words for people. Never those that repeat the request, such as pydantic's `input`. */
const messageFields = [
  'message',
  'msg',
  'detail',
  'details',
  'error_msg',
  'error_message',
  'errorMessage',
  'status_msg',
  'description',
  'raw',
];
/** … words and numbers for programs. */
const codeFields = ['code', 'type', 'status', 'status_code', 'error_code', 'error_type', 'errorCode', 'reason'];
/** … errors within errors. */
const nestedFields = ['error', 'errors', 'base_resp', 'metadata', 'innererror', 'inner_error', 'details', 'header', 'response', 'cause'];

const deepest = 10;
const longestMessage = 2000;

/**
 * Reads the body of an error. Wrappers (OpenRouter, LiteLLM and others) put the error of the server behind them into fields or, as
 * JSON, into the text of their own; all of them count. Undefined when nothing in it says anything.
 */
export function readErrorBody(body: unknown): SaidError | undefined {
  const said = new Said();
  said.read(body, 0);
  if (said.messages.size === 0 && said.codes.size === 0) return undefined;
  const codes = [...said.codes];
  return {
    status: said.number ?? statusOfNames(codes),
    code: codes.join(' '),
    message: ([...said.messages].join(': ') || codes.join(' ')).slice(0, longestMessage),
    retryAfterMs: said.retryAfterMs,
  };
}

class Said {
  readonly messages = new Set<string>();
  readonly codes = new Set<string>();
  /** Of the outermost error that has one. */
  number: number | undefined;
  retryAfterMs: number | undefined;

  read(value: unknown, depth: number): void {
    if (depth > deepest) return;
    if (typeof value === 'string') return this.#readText(value, depth);
    if (Array.isArray(value)) return value.slice(0, 8).forEach((entry: unknown) => this.read(entry, depth + 1));
    if (typeof value !== 'object' || value === null) return;
    const fields = new Map(Object.entries(value));
    for (const name of codeFields) this.#readCode(fields.get(name), name === 'status_code' && fields.has('status_msg'));
    this.#readDelay(fields.get('retryDelay'));
    for (const name of messageFields) {
      const message: unknown = fields.get(name);
      if (typeof message === 'string' || (name === 'detail' && Array.isArray(message))) this.read(message, depth + 1);
    }
    for (const name of nestedFields) {
      const inner: unknown = fields.get(name);
      if (typeof inner === 'object' || name === 'error') this.read(inner, depth + 1);
    }
  }

  #readText(text: string, depth: number): void {
    const trimmed = text.trim();
    const inner = /^[[{]/.test(trimmed) ? parsed(trimmed) : undefined;
    if (inner !== undefined) return this.read(inner, depth + 1);
    if (trimmed !== '') this.messages.add(trimmed.slice(0, longestMessage));
  }

  #readCode(code: unknown, isMiniMax: boolean): void {
    if ((typeof code !== 'string' && typeof code !== 'number') || code === '') return;
    this.number ??= statusOfNumber(Number(code), isMiniMax ? 'minimax' : typeof code === 'string' ? 'text' : 'number');
    this.codes.add(String(code).slice(0, 200));
  }

  /** Google's form: seconds with an s behind. */
  #readDelay(delay: unknown): void {
    const seconds = typeof delay === 'string' ? /^(\d+(?:\.\d+)?)s$/.exec(delay)?.[1] : undefined;
    if (seconds !== undefined) this.retryAfterMs ??= Number(seconds) * 1000;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
