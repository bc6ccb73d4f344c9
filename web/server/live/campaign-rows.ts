import type { DecidedRow, Ledger, ListPlace, PlannedRow, TaskState } from '../../../activities/ledger/ledger.ts';
import type { ViewRow } from '../../../schemas/view-row.ts';
import { RowList } from '../../model/rows/row-list.ts';

type Lists = Pick<Ledger, 'listChanges' | 'taskStates'>;

/**
 * Rows of one campaign as the ledger has them, read on from where they were read last: what a new look costs is what changed
 * since, not the size of the campaign.
 */
export class CampaignRows {
  readonly #ledger: Lists;
  readonly #campaign: string;
  #place: ListPlace | null = null;
  #entriesRead = 0;
  readonly #planned = new Map<string, PlannedRow>();
  readonly #decided = new Map<string, DecidedRow>();
  #states = '';
  #list = new RowList([], '0');
  #changes = 0;
  #reading: Promise<RowList> | undefined;

  constructor(ledger: Lists, campaign: string) {
    this.#ledger = ledger;
    this.#campaign = campaign;
  }

  /** The rows now. Those who ask at the same time share one look. */
  async list(): Promise<RowList> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return await this.#reading;
  }

  async #read(): Promise<RowList> {
    const [changes, tasks] = await Promise.all([
      this.#ledger.listChanges(this.#campaign, this.#place),
      this.#ledger.taskStates(this.#campaign),
    ]);
    // A campaign that was removed, and perhaps planned anew, starts over.
    if (changes.sizes.rollouts < this.#planned.size || changes.sizes.entries < this.#entriesRead) {
      this.#place = null;
      this.#entriesRead = 0;
      this.#planned.clear();
      this.#decided.clear();
      this.#states = '';
      return await this.#read();
    }
    this.#entriesRead = Math.max(this.#entriesRead, changes.sizes.entries);
    const states = tasks.map(({ instance_id, state }) => `${instance_id}\0${state}`).join('\n');
    this.#place = changes.place;
    if (changes.planned.length === 0 && changes.decided.length === 0 && states === this.#states) return this.#list;
    for (const row of changes.planned) this.#planned.set(row.rollout_id, row);
    for (const row of changes.decided) this.#decided.set(row.rollout_id, row);
    this.#states = states;
    this.#changes += 1;
    const known = new Map(tasks.map((task) => [task.instance_id, task]));
    const rows = [...this.#planned.values()].map((row) => viewRow(row, known.get(row.instance_id), this.#decided.get(row.rollout_id)));
    const { rollouts, entries, changed } = changes.place;
    this.#list = new RowList(rows, `${rollouts}.${entries}.${changed}.${this.#changes}`);
    return this.#list;
  }
}

function viewRow(planned: PlannedRow, task: TaskState | undefined, decided: DecidedRow | undefined): ViewRow {
  const { rollout_id: id, instance_id, harness, mode, sample } = planned;
  const fate = fateOf(task, decided);
  return {
    id,
    instance_id,
    repo: decided?.repo ?? task?.repo ?? '',
    language: decided?.language ?? task?.language ?? '',
    license: decided?.license ?? task?.license ?? '',
    harness,
    mode,
    model: decided?.model ?? planned.teacher,
    sample,
    stage: decided !== undefined ? 'decided' : fate === 'open' ? 'open' : 'ended',
    ending: decided?.ending ?? '',
    fate,
    rule: decided === undefined || decided.kept ? '' : (decided.decided_by ?? ''),
    resolved:
      decided === undefined || (decided.resolved !== 1 && decided.resolved !== 0 && decided.resolved !== -1) ? null : decided.resolved,
    turns: decided?.turns ?? null,
    prompt_tokens: decided?.prompt_tokens ?? null,
    completion_tokens: decided?.completion_tokens ?? null,
    cost_usd: decided?.cost_usd ?? null,
    bytes: decided?.bytes ?? null,
    seconds: null,
    findings: decided === undefined || decided.bytes === null ? null : decided.findings,
    categories: decided?.categories.join(' ') ?? '',
  };
}

/** As the funnel counts it. */
function fateOf(task: TaskState | undefined, decided: DecidedRow | undefined): string {
  if (decided === undefined) return task?.state === 'gated_out' ? 'gated_out' : task?.state === 'failed' ? 'lost' : 'open';
  if (decided.lost) return decided.decided_by === 'gate' ? 'gated_out' : 'lost';
  if (decided.kept) return 'kept';
  return decided.decided_by === 'unparsed' ? 'unparsed' : 'dropped';
}
