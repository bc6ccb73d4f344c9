import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** Field `part` of every line: worker, gateway… */
  part: string;
  /** Values that must never be written: API keys. Replaced wherever they occur in a line. */
  secrets?: readonly string[];
  level?: string;
  /** Where lines go; standard error, written synchronously, unless a test says otherwise. */
  write?: (line: string) => void;
}

/** The one logger: JSON lines on standard error. TRACEMILL_LOG_LEVEL sets the level, `info` by default. */
export function createLogger(options: LoggerOptions): Logger {
  const { part, secrets = [], level = process.env['TRACEMILL_LOG_LEVEL'] ?? 'info' } = options;
  const destination = pino.destination({ dest: 2, sync: true });
  const write = options.write ?? ((line: string) => void destination.write(line));
  return pino({ level, base: { part }, timestamp: pino.stdTimeFunctions.isoTime }, { write: (line) => write(redact(line, secrets)) });
}

/** `text` without the secrets, whether as they are or as JSON escapes them. Empty secrets are ignored. */
export function redact(text: string, secrets: readonly string[]): string {
  let redacted = text;
  // Longer ones first: one secret may begin with another.
  for (const secret of secrets.filter((value) => value !== '').toSorted((a, b) => b.length - a.length)) {
    redacted = redacted.replaceAll(secret, '[redacted]').replaceAll(JSON.stringify(secret).slice(1, -1), '[redacted]');
  }
  return redacted;
}
