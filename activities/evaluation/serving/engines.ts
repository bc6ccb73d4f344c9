import type { ServingEngine } from './engine.ts';
import { sglang } from './engines/sglang.ts';
import { vllm } from './engines/vllm.ts';
import { vllmCpu } from './engines/vllm-cpu.ts';

/** Every engine, by the name that evaluation files give. */
export const servingEngines = { vllm, sglang, 'vllm-cpu': vllmCpu } as const satisfies Record<ServingEngine['name'], ServingEngine>;
