import { type BackgroundProcess, readBackground } from '../background-process.ts';
import type { TemporalServer } from './server.ts';
import { temporalSettings } from './settings.ts';

/** Name of the dev server's record and log. */
export const temporalProcess = 'temporal';

/**
 * The server that this home works with, running or not: the one that settings name, else the home's dev server; undefined
 * when that was never started. Throws `Problem` bad_temporal_settings.
 */
export function knownServer(): TemporalServer | undefined {
  const { server, namespace } = temporalSettings();
  if (server !== undefined) return server;
  const record = readBackground(temporalProcess);
  return record === undefined ? undefined : devServer(record, namespace);
}

/** The dev server of a record: on the loopback interface, in plain text. */
export function devServer(record: BackgroundProcess, namespace: string): TemporalServer {
  return { address: String(record.details['address']), namespace, access: { tls: false } };
}
