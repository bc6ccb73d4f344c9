import manifest from '../package.json' with { type: 'json' };

/** The version of Tracemill that runs. */
export const version = manifest.version;
