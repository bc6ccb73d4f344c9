/** Name of the variable with the folder of a run of tests, which every process of the run inherits. */
export const runVariable = 'TRACEMILL_TEST_RUN';
