import type { Flags, Launch, ServingEngine } from '../engine.ts';

function reasoningParser({ base, modes }: Launch): Flags {
  if (!modes.includes('think')) return {};
  return { 'reasoning-parser': base === 'thinking' && !modes.includes('no_think') ? 'qwen3-thinking' : 'qwen3' };
}

export const sglang: ServingEngine = {
  name: 'sglang',
  caution: null,
  needs: { nodes: 1, gpus_per_node: 2, gpu_memory_gb: 80, cpus_per_node: 16, memory_mb_per_node: 131_072, time_limit_seconds: 86_400 },
  command: (_launch, program = 'python') => [program, '-m', 'sglang.launch_server'],
  flags: (launch) => ({
    'model-path': launch.checkpoint,
    'served-model-name': launch.model,
    host: launch.host,
    port: launch.port,
    'context-length': launch.context_tokens,
    'chat-template': launch.template,
    'tool-call-parser': launch.base === 'coder' ? 'qwen3_coder' : 'qwen25',
    ...reasoningParser(launch),
    tp: Math.max(1, launch.needs.gpus_per_node),
  }),
  environment: () => ({ HF_HUB_OFFLINE: '1', TRANSFORMERS_OFFLINE: '1', DO_NOT_TRACK: '1' }),
};
