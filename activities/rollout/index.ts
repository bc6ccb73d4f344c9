/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { factOfEach } from './harness-facts.ts';
export { harnesses } from './harnesses/registry.ts';
export { sha256Of } from './value-hash.ts';
