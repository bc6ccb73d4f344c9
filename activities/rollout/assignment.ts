/** What a harness tells the model of its task: all that a driver ever learns of it, so that no solution reaches an agent. */
export interface Assignment {
  instance_id: string;
  /** owner/name */
  repo: string;
  problem_statement: string;
  base_commit: string;
  /** Where the repository lies in the container. */
  workdir: string;
}
