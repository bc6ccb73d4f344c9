import { z } from 'zod';
import { IngestedTrajectory } from '../../../schemas/ingested.ts';
import { Problem } from '../../../schemas/problem.ts';
import { Trajectory } from '../../../schemas/trajectory.ts';
import type { Draft, RecordFormat } from '../format.ts';
import { fieldsOf } from '../loose-values.ts';
import { Oddities } from '../oddities.ts';
import { usageOf } from '../usage.ts';

/** Tracemill's own trajectories, as its store keeps them. */
export const tracemill: RecordFormat = {
  id: 'tracemill',
  detect(value) {
    const fields = fieldsOf(value);
    return ['key', 'turns', 'ending', 'messages', 'usage'].every((name) => name in fields);
  },
  read(value): Draft[] {
    const trajectory = checked(Trajectory, value);
    const { id, key, repo, base_commit, teacher, messages, tools, turns, ending, model_patch, image_cleaned } = trajectory;
    return [
      {
        id,
        instance_id: key.instance_id,
        repo,
        base_commit,
        harness: key.harness,
        model: teacher.model,
        reasoning_effort: teacher.reasoning_effort ?? null,
        messages,
        tools,
        ending,
        exit_status: ending.status,
        usage: usageOf({ ...trajectory.usage, calls: turns.length, cost_usd: trajectory.cost_usd }),
        model_patch,
        image_cleaned,
        oddities: new Oddities(),
      },
    ];
  },
};

/** What was ingested before; it keeps the name of the format that it first came in. */
export const ingested: RecordFormat = {
  id: 'ingested',
  detect(value) {
    const fields = fieldsOf(value);
    return ['format', 'reported', 'messages', 'image_cleaned'].every((name) => name in fields);
  },
  read(value): Draft[] {
    const { reported, lost, place: _first, ...rest } = checked(IngestedTrajectory, value);
    const oddities = new Oddities();
    for (const line of reported) oddities.note(line);
    for (const { what, reason, message } of lost) oddities.lose(what, reason, message);
    return [{ ...rest, oddities }];
  },
};

function checked<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Problem('bad_trajectory', z.prettifyError(parsed.error));
}
