import { afterAll, beforeAll } from 'vitest';
import type { Task } from '../../schemas/task.ts';
import { engine } from './containers.ts';
import { makeOddImage, type OddRepository } from './odd-repositories.ts';

/** An image with these repositories for the tests of a file, removed after them with those in `made`. */
export function oddImage(tag: string, repositories: OddRepository[]) {
  const made: string[] = [tag];
  let tasks: Map<string, Task>;
  beforeAll(async () => {
    tasks = await makeOddImage(tag, repositories);
  });
  afterAll(async () => {
    for (const name of made) await engine.removeImage(name, { force: true }).catch(() => undefined);
  });
  const taskOf = (name: string): Task => {
    const task = tasks.get(name);
    if (task === undefined) throw new Error(`no repository ${name}`);
    return task;
  };
  return { made, taskOf };
}
