import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, isGrpcServiceError } from '@temporalio/client';
import { msToNumber, msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import { messageOf, Problem } from '../schemas/problem.ts';
import { searchAttributes } from '../workflows/contract/search-attributes.ts';

/** Days that closed workflows stay listed: longer than any campaign, since the server's list is a campaign's index. */
export const wantedRetentionDays = 30;

/** Statuses of gRPC. */
const [notFound, permissionDenied, unimplemented] = [5, 7, 12] as const;

/** temporal.api.enums.v1.IndexedValueType */
const indexedValueType = { Keyword: 2, Int: 3, Bool: 5 } as const;

export async function retentionDays(connection: Connection, namespace: string): Promise<number> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return tsToMs(config?.workflowExecutionRetentionTtl ?? undefined) / msToNumber('1 day');
}

/** Makes the namespace on a server of one's own that was started for another one. */
export async function ensureNamespace(connection: Connection, namespace: string): Promise<void> {
  try {
    await retentionDays(connection, namespace);
  } catch (error) {
    if (!hasStatus(error, [notFound])) throw error;
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: msToTs(`${wantedRetentionDays} days`),
    });
    await waitForNamespace(connection, namespace);
  }
}

/** The server's other parts know a new namespace some seconds later. */
async function waitForNamespace(connection: Connection, namespace: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await delay(200)) {
    try {
      await connection.operatorService.listSearchAttributes({ namespace });
      return;
    } catch (error) {
      if (!hasStatus(error, [notFound]) || Date.now() > deadline) throw error;
    }
  }
}

export async function raiseRetention(connection: Connection, namespace: string): Promise<void> {
  if ((await retentionDays(connection, namespace)) >= wantedRetentionDays) return;
  const workflowExecutionRetentionTtl = msToTs(`${wantedRetentionDays} days`);
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
}

/** Tracemill's search attributes that the namespace lacks. Throws `Problem` search_attributes_hidden where the server does not let us see them. */
export async function missingSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace }).catch((error: unknown) => {
    if (!hasStatus(error, [permissionDenied, unimplemented])) throw error;
    throw new Problem('search_attributes_hidden', `the server does not show the search attributes of namespace ${namespace}`, {
      cause: error,
      hint: `see in its own interface that it has ${describeAttributes(Object.keys(searchAttributes))}`,
    });
  });
  return Object.entries(searchAttributes)
    .filter(([name, type]) => customAttributes?.[name] !== indexedValueType[type])
    .map(([name]) => name);
}

/**
 * Registers what is missing; needed for a server whose namespace was not created by `tracemill up`. A server that keeps them to its
 * own interface, as Temporal Cloud does, is not checked: it refuses a campaign itself where one is missing.
 */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const missing = await missingSearchAttributes(connection, namespace).catch((error: unknown): string[] => {
    if (error instanceof Problem && error.code === 'search_attributes_hidden') return [];
    throw error;
  });
  if (missing.length === 0) return;
  const types = Object.entries(searchAttributes).filter(([name]) => missing.includes(name));
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(types.map(([name, type]) => [name, indexedValueType[type]])),
    });
  } catch (error) {
    // Another process may have done it first.
    if ((await missingSearchAttributes(connection, namespace)).length === 0) return;
    throw new Problem('search_attributes_missing', `namespace ${namespace} lacks ${describeAttributes(missing)}: ${messageOf(error)}`, {
      cause: error,
      hint: 'have the server’s owner add them: temporal operator search-attribute create --name NAME --type TYPE',
    });
  }
}

function describeAttributes(names: string[]): string {
  const types: Record<string, string> = searchAttributes;
  return names.map((name) => `${name} (${types[name] ?? ''})`).join(', ');
}

function hasStatus(error: unknown, statuses: readonly number[]): boolean {
  return isGrpcServiceError(error) && statuses.includes(error.code);
}
