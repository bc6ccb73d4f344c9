/** What a harness says to the model of its task. A driver gets nothing else of the task, so no solution reaches an agent. */
export interface Assignment {
  instance_id: string;
  /** owner/name */
  repo: string;
  problem_statement: string;
  base_commit: string;
  /** Where the repository lies in the container. */
  workdir: string;
}
