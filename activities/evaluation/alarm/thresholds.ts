/** When a night counts as invalid, and when as a regression. Shares from 0 to 1. */
export const thresholds = {
  /** More of these, and the machinery was measured. */
  infra_errors: 0.02,
  empty_patches: 0.05,
  unparsed_calls: 0.01,
  /** Loops and turn limits: more than so many times the baseline's share, and more than chance explains. */
  loops_times: 2,
  loops_p: 0.001,
  /** A regression: both. */
  regression_p: 0.01,
  regression_drop: 0.03,
  /** A warning: twice in a row. */
  warning_p: 0.05,
} as const;
