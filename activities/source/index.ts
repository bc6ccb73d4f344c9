/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { inspectInThread } from './inspect-thread.ts';
export type { Inspection } from './inspect.ts';
export { selectTasks } from './select-tasks.ts';
export { startSourceRules } from './source-rules.ts';
export { taskInit, type TaskDraft } from './own-task/task-init.ts';
export { repositoryOfReleases } from './own-task/archives.ts';
