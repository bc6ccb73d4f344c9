/** What other rooms may use of this stage. Activities, which only workers/ puts together, are apart. */
export { readPipelineFile } from './pipeline-file.ts';
