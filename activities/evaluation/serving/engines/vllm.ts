import type { Flags, Launch, ServingEngine } from '../engine.ts';

/**
 * One server for both modes: what separates reasoning must let a reply without any pass as text. `deepseek_r1` takes every
 * reply for reasoning until it is closed, so it serves only where the model always reasons.
 */
function reasoningParser({ base, modes }: Launch): Flags {
  if (!modes.includes('think')) return {};
  return { 'reasoning-parser': base === 'thinking' && !modes.includes('no_think') ? 'deepseek_r1' : 'qwen3' };
}

/** What vLLM is told on any machine. */
export function vllmFlags(launch: Launch): Flags {
  return {
    'served-model-name': launch.model,
    host: launch.host,
    port: launch.port,
    'max-model-len': launch.context_tokens,
    'chat-template': launch.template,
    'enable-auto-tool-choice': true,
    // The Coder writes calls as XML, the others as JSON.
    'tool-call-parser': launch.base === 'coder' ? 'qwen3_coder' : 'hermes',
    ...reasoningParser(launch),
  };
}

/** No look-ups on a hub, no reports to anybody. */
export const quietEnvironment = { HF_HUB_OFFLINE: '1', TRANSFORMERS_OFFLINE: '1', VLLM_NO_USAGE_STATS: '1', DO_NOT_TRACK: '1' };

/** The server that the flags of the model cards are written for. */
export const vllm: ServingEngine = {
  name: 'vllm',
  caution: null,
  // Weights of 61 GB in bfloat16, and 25 GB for the cache of one conversation of 262,144 tokens.
  needs: { nodes: 1, gpus_per_node: 2, gpu_memory_gb: 80, cpus_per_node: 16, memory_mb_per_node: 131_072, time_limit_seconds: 86_400 },
  command: ({ checkpoint }, program = 'vllm') => [program, 'serve', checkpoint],
  flags: (launch) => ({ ...vllmFlags(launch), 'tensor-parallel-size': Math.max(1, launch.needs.gpus_per_node) }),
  environment: () => quietEnvironment,
};
