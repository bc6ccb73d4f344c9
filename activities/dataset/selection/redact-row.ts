import type { DatasetRow } from '../../../schemas/dataset-row.ts';
import type { PrivateKind } from '../../../schemas/private-text.ts';
import { RowRedactor } from '../../secrets/row-redactor.ts';

/** What was replaced in a row: places by kind, and patches that are not what they were. */
export interface Redacted {
  places: Partial<Record<PrivateKind, number>>;
  patches: number;
}

/** The row without what should not be published; arguments and tools stay the JSON that they were. The same row gives the same one. */
export function redactRow(row: DatasetRow, kinds: readonly PrivateKind[]): { row: DatasetRow; redacted: Redacted } {
  const redactor = new RowRedactor(kinds);
  const trajectory = row.trajectory.map((message) => ({
    ...message,
    content: redactor.text(message.content),
    reasoning_content: message.reasoning_content === null ? null : redactor.text(message.reasoning_content),
    tool_calls:
      message.tool_calls?.map((call) => ({
        ...call,
        function: { ...call.function, arguments: redactor.json(call.function.arguments) },
      })) ?? null,
  }));
  const tools = row.tools.map((tool) => redactor.json(tool));
  const { reference_patch, model_patch } = row.metadata;
  const patches = [reference_patch, model_patch].map((patch) => ({ ...patch, patch: redactor.text(patch.patch) }));
  const [reference = reference_patch, model = model_patch] = patches;
  return {
    row: { ...row, trajectory, tools, metadata: { ...row.metadata, reference_patch: reference, model_patch: model } },
    redacted: {
      places: Object.fromEntries(redactor.replaced),
      patches: [reference.patch !== reference_patch.patch, model.patch !== model_patch.patch].filter(Boolean).length,
    },
  };
}

/** Fields of the ledger that quote what an agent or a program wrote. Ids, hashes and names of rules stay what they are. */
const quoting = new Set(['text', 'reason', 'command', 'evidence', 'detail']);

/** A ledger entry as a release with replaced texts publishes it: evidence of other rules quotes the same texts. */
export function redactEntry<T extends object>(entry: T, kinds: readonly PrivateKind[]): { entry: T; places: number } {
  const redactor = new RowRedactor(kinds);
  const entryAgain = structuredClone(entry);
  redactFields(entryAgain, redactor);
  return { entry: entryAgain, places: [...redactor.replaced.values()].reduce((sum, count) => sum + count, 0) };
}

function redactFields(value: object, redactor: RowRedactor): void {
  for (const [field, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && quoting.has(field)) Reflect.set(value, field, redactor.text(inner));
    else if (typeof inner === 'object' && inner !== null) redactFields(inner, redactor);
  }
}
