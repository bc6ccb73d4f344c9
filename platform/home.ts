import { join, resolve } from 'node:path';

/** The checkout: where package.json lies. */
export const projectRoot = resolve(import.meta.dirname, '..');

/** All that Tracemill keeps on this machine: caches, state, journals, store. */
export function home(): string {
  return resolve(process.env['TRACEMILL_HOME'] ?? join(projectRoot, '.tracemill'));
}

/** Where each kind of thing lies below the home. */
export const paths = {
  cache: () => join(home(), 'cache'),
  tools: () => join(home(), 'tools'),
  state: () => join(home(), 'state'),
  journals: () => join(home(), 'journals'),
  store: () => join(home(), 'store'),
  ledger: () => join(home(), 'ledger.sqlite'),
  logs: () => join(home(), 'logs'),
  run: () => join(home(), 'run'),
  releases: () => join(home(), 'releases'),
  evaluations: () => join(home(), 'evaluations'),
  /** Who steered what, when and why: one line each, only ever added to. */
  audit: () => join(home(), 'audit.jsonl'),
  /** One folder a pipeline, with its report. */
  pipelines: () => join(home(), 'pipelines'),
  /** One folder a job, by its name. */
  jobs: () => join(home(), 'jobs'),
};
