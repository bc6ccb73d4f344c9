import { DefaultLogger, Runtime } from '@temporalio/worker';
import { freePort } from '../platform/free-port.ts';
import type { Logger } from '../platform/logger.ts';
import { Problem } from '../schemas/problem.ts';

/** Milliseconds that activities get to stop after a shutdown was asked for, and until a worker stops waiting for them. */
export const graceMs = 500;
export const forceMs = 20_000;

/**
 * Once per process, before any connection: where Temporal's own lines and its metrics go, and which signals end its workers.
 * Throws `Problem` command_port_taken when something else listens on the port for metrics.
 */
export async function installRuntime(logger: Logger, metricsPort?: number): Promise<void> {
  if (metricsPort !== undefined && (await freePort(metricsPort)) !== metricsPort) {
    throw new Problem('command_port_taken', `port ${metricsPort} for metrics is taken`, { hint: 'give another one: --metrics-port' });
  }
  const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
  Runtime.install({
    logger: new DefaultLogger('INFO', ({ level, message, meta }) => logger[levels[level]]({ ...meta }, message)),
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'ERROR' } },
      ...(metricsPort !== undefined && { metrics: { prometheus: { bindAddress: `127.0.0.1:${metricsPort}` } } }),
    },
    shutdownSignals: ['SIGINT', 'SIGTERM'],
  });
}
