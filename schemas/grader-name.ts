import { z } from 'zod';

/**
 * `swebench5`, `swebench4`: the package `swebench` of that major version. `pro`: the evaluation program of SWE-bench Pro.
 * `none`: our own verification alone.
 */
export const GraderName = z.enum(['swebench5', 'swebench4', 'pro', 'none']);
export type GraderName = z.infer<typeof GraderName>;
