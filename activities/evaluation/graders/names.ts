export type { GraderName } from '../../../schemas/grader-name.ts';
