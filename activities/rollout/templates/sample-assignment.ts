/** A task as templates see it when they are tried. */
export const sampleAssignment = {
  instance_id: 'owner__name-1',
  repo: 'owner/name',
  problem_statement: 'It does not work.',
  base_commit: '0123456789abcdef0123456789abcdef01234567',
  workdir: '/name',
  working_dir: '/name',
};
