import type { IngestedFormat } from '../../../schemas/ingested.ts';
import { Resolved } from '../../../schemas/verdict.ts';
import { anyEnding } from '../endings.ts';
import { conversation, type Draft, type RecordFormat } from '../format.ts';
import { fieldsOf, listOf, numberOf, textOf } from '../loose-values.ts';
import { isMessageList } from '../message-list.ts';
import { Oddities } from '../oddities.ts';
import { readTools } from '../tool-definitions.ts';

/** Rows of nebius/SWE-rebench-openhands-trajectories: calls with ids, tools as objects, `exit_status`. */
export const nebiusOpenHands = openHandsRows({
  id: 'nebius-openhands',
  all: ['exit_status'],
  any: ['gen_tests_correct', 'pred_passes_gen_tests'],
  outcome: true,
});

/** Rows of nvidia/SWE-Zero-openhands-trajectories: nothing was run, so that there is neither verdict nor ending. */
export const sweZero = openHandsRows({
  id: 'swe-zero',
  all: ['dataset', 'trajectory_id', 'model_patch'],
  none: ['resolved'],
  outcome: false,
});

/** What distinguishes one published set of OpenHands rows from another. */
interface RowKind {
  id: IngestedFormat;
  /** Columns that are there, columns of which one is there, columns that are not. */
  all: string[];
  any?: string[];
  none?: string[];
  /** Whether `exit_status` and `resolved` say how the run ended. */
  outcome: boolean;
}

/** Data sets with an OpenHands run a row: messages in `trajectory`, tools as objects, the patch in `model_patch`. */
function openHandsRows({ id, all, any, none = [], outcome }: RowKind): RecordFormat {
  return {
    id,
    detect(value) {
      const row = fieldsOf(value);
      const has = (name: string) => name in row;
      return all.every(has) && (any?.some(has) ?? true) && !none.some(has) && isMessageList(row['trajectory']);
    },
    read(value): Draft[] {
      const row = fieldsOf(value);
      const oddities = new Oddities();
      return [
        {
          id: textOf(row['trajectory_id']) ?? '',
          instance_id: textOf(row['instance_id']),
          repo: textOf(row['repo']),
          license: textOf(row['license']),
          language: textOf(row['language']),
          harness: 'openhands',
          messages: conversation(listOf(row['trajectory']), oddities),
          tools: readTools(row['tools'], oddities),
          exit_status: textOf(row['exit_status']),
          ...(outcome && { ending: anyEnding(textOf(row['exit_status']), oddities), resolved: resolvedOf(row['resolved']) }),
          model_patch: typeof row['model_patch'] === 'string' ? row['model_patch'] : null,
          oddities,
        },
      ];
    },
  };
}

function resolvedOf(value: unknown): Resolved | null {
  return Resolved.safeParse(numberOf(value)).data ?? null;
}
