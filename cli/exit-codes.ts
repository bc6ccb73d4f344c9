import { Problem } from '../schemas/problem.ts';

/** What a command's exit code says; stable, for scripts. */
export const exitCodes = {
  ok: 0,
  /** The work was done or tried, and its result is a failure. */
  failed: 1,
  /** The command line or a file given to it is wrong. */
  usage: 2,
  /** The campaign, task, rollout, row or job named does not exist. */
  notFound: 3,
  /** Temporal, the container engine, an image, the disk or the network is not as needed. */
  infrastructure: 4,
  /** An evaluation measured its machinery rather than the model: it says nothing, neither good nor bad. */
  invalid: 5,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

/** The beginning of a `Problem` code names the part concerned, its end what is wrong: the classes of exit codes follow from it. */
const classes: [RegExp, number][] = [
  [/(^|_)not_found$|^no_matching_rows$|^unknown_(campaign|task|rollout|row|id|evaluation|baseline|schedule|job)$/, exitCodes.notFound],
  [
    /^(artifact|bootstrap|bucket|command|container|disk|engine|gateway|image|job_backend|lock|python|sandbox|search_attributes|store|temporal|webhook)_/,
    exitCodes.infrastructure,
  ],
  [
    /^(no_debian_archive|no_toolchain_image|not_installable|job_unmet_need|process_start_failed|teacher_not_started|endpoint_unreachable|port_taken)$/,
    exitCodes.infrastructure,
  ],
  [/^(bad|invalid|unknown|unsupported)_|^benchmark_(bad_rows|data_missing|empty|mixed_forms)$|_(bad|invalid|unreadable)$/, exitCodes.usage],
];

export function exitCodeOf(error: unknown): number {
  if (!(error instanceof Problem)) return exitCodes.failed;
  return classes.find(([pattern]) => pattern.test(error.code))?.[1] ?? exitCodes.failed;
}
