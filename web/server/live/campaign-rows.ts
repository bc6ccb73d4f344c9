import type { DecidedRow, Ledger, ListPlace, PlannedRow, TaskState } from '../../../activities/ledger/ledger.ts';
import type { ViewRow } from '../../../schemas/view-row.ts';
import { RowList } from '../../model/rows/row-list.ts';
import { noStages, type Stages } from './open-stages.ts';

type Lists = Pick<Ledger, 'listChanges'>;

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
  readonly #tasks = new Map<string, TaskState>();
  #stages = 0;
  #list = new RowList([], '0');
  #changes = 0;
  #reading: Promise<RowList> | undefined;

  constructor(ledger: Lists, campaign: string) {
    this.#ledger = ledger;
    this.#campaign = campaign;
  }

  /** The rows now, open ones with the stages that are given. Those who ask at the same time share one look. */
  async list(stages: Stages = noStages): Promise<RowList> {
    this.#reading ??= this.#read(stages).finally(() => {
      this.#reading = undefined;
    });
    return await this.#reading;
  }

  /** The tasks by id, as the last look found them. */
  get tasks(): ReadonlyMap<string, TaskState> {
    return this.#tasks;
  }

  async #read(stages: Stages): Promise<RowList> {
    const { planned, decided, tasks, sizes, place } = await this.#ledger.listChanges(this.#campaign, this.#place);
    // A campaign that was removed, and perhaps planned anew, starts over.
    if (sizes.rollouts < this.#planned.size || sizes.entries < this.#entriesRead) {
      this.#place = null;
      this.#entriesRead = 0;
      this.#planned.clear();
      this.#decided.clear();
      this.#tasks.clear();
      this.#changes += 1;
      this.#list = new RowList([], `0.${this.#changes}`);
      return await this.#read(stages);
    }
    this.#entriesRead = Math.max(this.#entriesRead, sizes.entries);
    this.#place = place;
    const changed = [...decided, ...tasks].map(idOf);
    if (planned.length === 0 && changed.length === 0 && stages.version === this.#stages) return this.#list;
    for (const row of planned) this.#planned.set(row.rollout_id, row);
    for (const row of decided) this.#decided.set(row.rollout_id, row);
    for (const task of tasks) this.#tasks.set(task.instance_id, task);
    const rows = planned.length > 0 ? this.#all(stages) : this.#changed(new Set(changed), stages);
    this.#stages = stages.version;
    this.#changes += 1;
    this.#list = new RowList(rows, `${place.rollouts}.${place.entries}.${place.changed}.${this.#changes}`, this.#list);
    return this.#list;
  }

  /** Sorted by id, so that lists need not sort them. */
  #all(stages: Stages): ViewRow[] {
    const sorted = [...this.#planned.values()].sort((a, b) => (a.rollout_id < b.rollout_id ? -1 : 1));
    return sorted.map((row) => this.#row(row, stages));
  }

  /** The rows of before; those with a rollout or task of these ids anew, and open ones at another stage. */
  #changed(ids: ReadonlySet<string>, stages: Stages): ViewRow[] {
    return this.#list.rows.map((row) => {
      const moved = row.fate === 'open' && row.stage !== openStage(row.id, stages);
      const planned = moved || ids.has(row.id) || ids.has(row.instance_id) ? this.#planned.get(row.id) : undefined;
      return planned === undefined ? row : this.#row(planned, stages);
    });
  }

  #row(row: PlannedRow, stages: Stages): ViewRow {
    return viewRow(row, this.#tasks.get(row.instance_id), this.#decided.get(row.rollout_id), stages);
  }
}

/** A rollout's has a slash in it, a task's has none. */
function idOf(changed: DecidedRow | TaskState): string {
  return 'rollout_id' in changed ? changed.rollout_id : changed.instance_id;
}

function openStage(id: string, { of, others }: Stages): string {
  return of.get(id) ?? others;
}

function viewRow(planned: PlannedRow, task: TaskState | undefined, decided: DecidedRow | undefined, stages: Stages): ViewRow {
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
    stage: decided !== undefined ? 'decided' : fate === 'open' ? openStage(id, stages) : 'ended',
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
