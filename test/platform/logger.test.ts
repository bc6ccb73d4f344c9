import { describe, expect, it } from 'vitest';
import { createLogger } from '../../platform/logger.ts';

function logged(secrets: string[], log: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  log(createLogger({ part: 'worker', secrets, level: 'info', write: (line) => lines.push(line) }));
  return lines.join('');
}

describe('the logger', () => {
  it('writes one JSON line an event, with its part', () => {
    const line = logged([], (logger) => logger.info({ rollout: 'r1' }, 'turn done'));
    expect(JSON.parse(line)).toMatchObject({ level: 30, part: 'worker', rollout: 'r1', msg: 'turn done' });
    expect(line.endsWith('\n')).toBe(true);
  });

  it('keeps what an error says, and its cause', () => {
    const error = new Error('the scan failed', { cause: new TypeError('x is not a function') });
    const line = logged([], (logger) => logger.warn({ error }, 'Activity failed'));
    expect(JSON.parse(line)).toMatchObject({
      error: { message: 'the scan failed', cause: { type: 'TypeError', message: 'x is not a function' } },
    });
  });

  it('never writes a secret: in a message, a field, an error or escaped', () => {
    const secret = 'sk-"quoted"\\key';
    const text = logged([secret], (logger) => {
      logger.error({ err: new Error(`401 for ${secret}`), headers: { authorization: `Bearer ${secret}` } }, `refused ${secret}`);
    });
    expect(text).not.toContain('quoted');
    expect(text).toContain('Bearer [secret]');
    expect(JSON.parse(text)).toMatchObject({ msg: 'refused [secret]' });
  });
});
