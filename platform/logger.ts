import { pino, type Logger } from 'pino';
import { Redactor } from './redactor.ts';

export type { Logger } from 'pino';

export interface LoggerOptions {
  /** Field `part` of every line: worker, gateway… */
  part: string;
  /** Values that must never be written: API keys. Replaced wherever they occur in a line, in any encoding. */
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
  const redactor = new Redactor(secrets);
  // The Temporal SDK hands errors over under `error`, of which JSON alone would keep no message.
  const serializers = { error: pino.stdSerializers.errWithCause };
  return pino(
    { level, base: { part }, timestamp: pino.stdTimeFunctions.isoTime, serializers },
    { write: (line) => write(redactor.redact(line)) },
  );
}
