import type { RowPage } from '../../../schemas/view-row.ts';
import { cursorOf } from '../../model/rows/cursor.ts';
import { addressOf } from '../address.ts';
import { askRows } from '../list/ask-rows.ts';

/** More rollouts of one task than these are not stepped through. */
const mostSiblings = 100;

/** Goes from a rollout to the next (1) or previous (-1) of the same task; stays at the last. */
export async function toSibling(collection: string, row: string, step: 1 | -1): Promise<void> {
  const instance = await instanceOf(collection, row);
  if (instance === undefined) return;
  const { rows } = await ask(collection, { where: { instance_id: [instance] }, limit: mostSiblings });
  const next = rows[rows.findIndex(({ id }) => id === row) + step];
  if (next !== undefined) location.hash = addressOf(['c', collection, 'r', next.id]);
}

/** Goes to the first rollout of the next or previous task, by their ids; stays at the last. */
export async function toTask(collection: string, row: string, step: 1 | -1): Promise<void> {
  const instance = await instanceOf(collection, row);
  if (instance === undefined) return;
  // Behind all rollouts of this task: no id is greater than this character.
  const after = cursorOf(instance, '\uffff');
  const { rows } = await ask(collection, { sort: 'instance_id', descending: step === -1, after, limit: 1 });
  const [next] = rows;
  if (next !== undefined && next.instance_id !== instance) location.hash = addressOf(['c', collection, 'r', next.id]);
}

async function instanceOf(collection: string, row: string): Promise<string | undefined> {
  const { rows } = await ask(collection, { where: { id: [row] }, limit: 1 });
  return rows[0]?.instance_id;
}

async function ask(collection: string, query: Partial<Parameters<typeof askRows>[1]>): Promise<RowPage> {
  return await askRows(collection, { where: {}, text: '', sort: '', descending: false, after: null, limit: 1, ...query });
}
