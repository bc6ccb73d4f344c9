import type { Connection } from '@temporalio/client';
import { msToNumber, msToTs, tsToMs } from '@temporalio/common/lib/time.js';
import { messageOf, Problem } from '../schemas/problem.ts';
import { searchAttributes } from '../workflows/contract/search-attributes.ts';

/** Days that closed workflows stay listed: longer than any campaign, since the server's list is a campaign's index. */
export const wantedRetentionDays = 30;

/** temporal.api.enums.v1.IndexedValueType */
const indexedValueType = { Keyword: 2, Int: 3, Bool: 5 } as const;

export async function retentionDays(connection: Connection, namespace: string): Promise<number> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return tsToMs(config?.workflowExecutionRetentionTtl ?? undefined) / msToNumber('1 day');
}

export async function raiseRetention(connection: Connection, namespace: string): Promise<void> {
  if ((await retentionDays(connection, namespace)) >= wantedRetentionDays) return;
  const workflowExecutionRetentionTtl = msToTs(`${wantedRetentionDays} days`);
  await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl } });
}

/** Tracemill's search attributes that the namespace lacks. */
export async function missingSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.entries(searchAttributes)
    .filter(([name, type]) => customAttributes?.[name] !== indexedValueType[type])
    .map(([name]) => name);
}

/** Registers what is missing; needed for a server whose namespace was not created by `tracemill up`. */
export async function ensureSearchAttributes(connection: Connection, namespace: string): Promise<void> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length === 0) return;
  const types = Object.entries(searchAttributes).filter(([name]) => missing.includes(name));
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(types.map(([name, type]) => [name, indexedValueType[type]])),
    });
  } catch (error) {
    // Another process may have been quicker.
    if ((await missingSearchAttributes(connection, namespace)).length === 0) return;
    throw new Problem('search_attributes_missing', `namespace ${namespace} lacks ${missing.join(', ')}: ${messageOf(error)}`, {
      cause: error,
      hint: 'have the server’s owner add them: temporal operator search-attribute create --name NAME --type TYPE',
    });
  }
}
