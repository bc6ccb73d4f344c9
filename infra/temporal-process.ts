/** Name of the dev server's record and log. */
export const temporalProcess = 'temporal';
