import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { localStore } from '../../activities/artifacts/local-store.ts';
import type { EvaluationNeeds } from '../../activities/evaluation/evaluation-needs.ts';
import type { JobBackend } from '../../activities/jobs/job-backend.ts';
import { openLocalLedger } from '../../activities/ledger/local/local-ledger.ts';
import type { JobRef, JobSpec, JobStatus } from '../../schemas/job.ts';
import { Task } from '../../schemas/task.ts';
import { planningNeeds } from '../../workers/planning-needs.ts';

export function taskOf(number: number, change: Partial<Task> = {}): Task {
  return Task.parse({
    instance_id: `o__r-${number}`,
    repo: 'o/r',
    language: 'python',
    base_commit: '0'.repeat(40),
    patch: 'diff --git a/a.py b/a.py\n',
    test_patch: 'diff --git a/test_a.py b/test_a.py\n',
    problem_statement: 'It fails.',
    FAIL_TO_PASS: ['test_a.py::a'],
    PASS_TO_PASS: [],
    image_name: 'o/r:1',
    install_config: { test_cmd: ['pytest'], log_parser: 'parse_log_pytest' },
    ...change,
  });
}

/** Jobs that are as the test says. */
class FakeBackend implements JobBackend {
  readonly name = 'fake';
  readonly submitted: { spec: JobSpec; again: number }[] = [];
  state: JobStatus['state'] = 'running';
  exitCode = 1;
  output = '';
  #refs = new Map<string, JobRef>();

  async check(): Promise<void> {}

  async find({ name }: Pick<JobSpec, 'name'>): Promise<JobRef | null> {
    return this.#refs.get(name) ?? null;
  }

  async submit(spec: JobSpec, again: number): Promise<JobRef> {
    const known = this.#refs.get(spec.name);
    if (known !== undefined && known.submission > again) return known;
    this.submitted.push({ spec, again });
    this.state = 'running';
    const ref = { name: spec.name, id: String(this.submitted.length), submitted_at: '2026-01-01T00:00:00Z', submission: again + 1 };
    this.#refs.set(spec.name, ref);
    return ref;
  }

  async status(): Promise<JobStatus> {
    return { state: this.state, exit_code: this.state === 'failed' ? this.exitCode : null, detail: '', restarts: 0 };
  }

  async signal(): Promise<void> {}

  async cancel(): Promise<void> {
    this.state = 'cancelled';
  }

  async logs(_ref: JobRef, _spec: JobSpec, offset: number): Promise<{ text: string; next: number }> {
    return { text: this.output.slice(offset), next: this.output.length };
  }
}

/** Store, ledger and folders of a test, with benchmark rows that it gives. */
export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'tracemill-evaluation-'));
  readonly backend = new FakeBackend();
  readonly ledger = openLocalLedger(join(this.folder, 'ledger.sqlite'));
  tasks = [taskOf(0), taskOf(1), taskOf(2)];
  readonly needs: EvaluationNeeds = {
    store: localStore(join(this.folder, 'store')),
    ledger: this.ledger,
    planning: planningNeeds,
    readBenchmark: async () => {
      const instances = this.tasks.map((task) => ({ ...task, task, no_cross_check: null, row: {} }));
      return { form: 'none', instances, data_sha256: 'd'.repeat(64), set_sha256: '', notes: [] };
    },
    graders: {
      check: async () => undefined,
      grade: async () => ({ name: 'none', version: '0', gold_failures: [], grades: [] }),
    },
    writeReport: async () => undefined,
    backendOf: () => this.backend,
    variable: () => undefined,
    folders: { evaluations: join(this.folder, 'evaluations'), jobs: join(this.folder, 'jobs') },
  };
  readonly told: string[] = [];
  readonly work = { signal: AbortSignal.timeout(60_000), tell: (doing: string) => void this.told.push(doing) };

  /** A folder that looks like a model. */
  model(max_position_embeddings = 300_000): string {
    const folder = join(this.folder, 'model');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ max_position_embeddings }));
    writeFileSync(join(folder, 'tokenizer.json'), '{}');
    return folder;
  }

  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  async close(): Promise<void> {
    await this.ledger.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
