import type { IngestedTrajectory } from '../../../schemas/ingested.ts';
import type { Fact } from '../../../schemas/row-origin.ts';
import type { Task, TaskFacts } from '../../../schemas/task.ts';

/** A trajectory of another tool, with the task that it worked on where somebody gives it. */
export interface JudgedRow {
  trajectory: IngestedTrajectory;
  task: Task | null;
}

/** What is known of a row's task, and which facts nobody says. */
export interface KnownTask {
  task: TaskFacts;
  lacks: Fact[];
}
