import type { TLSConfig } from '@temporalio/client';

/** A Temporal server and how to reach it. Holds secrets in `access`: show it by {@link describeServer} or field by field, never whole. */
export interface TemporalServer {
  /** host:port */
  address: string;
  namespace: string;
  /** What named it, for messages: a variable, a profile with its file; undefined for the dev server of this home. */
  namedBy?: string;
  access: ServerAccess;
}

export interface ServerAccess {
  /** False: plain text. True: TLS with the machine's certificate authorities. */
  tls: TLSConfig | boolean;
  apiKey?: string;
  /** Headers of every request. */
  metadata?: Record<string, string>;
}

/** Address, namespace and whether TLS is used; no secret. */
export function describeServer({ address, namespace, access }: TemporalServer): string {
  return `${address} (namespace ${namespace}, ${access.tls === false ? 'no TLS' : 'TLS'})`;
}
